/* Rows of a table change at once, without a new page; cells are pasted where the cursor is.
   What is typed while a change is on its way is kept: the change is asked for once more.
   Without this file the same buttons load the page anew. */

(() => {
  "use strict";

  const form = document.getElementById("section-form");
  if (!form?.dataset.autosave) return;
  const ROWS = /^(add|copy|up|down|remove|paste):/;
  const PATIENCE = 30000; // ms: a line that says nothing for so long is dead
  let busy = false;
  let running = Promise.resolve(); // the change under way, and what waits for it
  const became = new WeakMap(); // which row stands now for one that was replaced; null: taken out

  class Failure extends Error {
    constructor(mode) {
      super(mode);
      this.mode = mode;
    }
  }

  const rowsOf = (table) => [...table.querySelectorAll(".table-row")];

  // Where to go on: the row that the button was about, or the last one of the table.
  const rowAfter = (action, table) => {
    const [verb, , number] = action.split(":");
    const rows = rowsOf(table);
    const at = { copy: 1, up: -1, down: 1, remove: 0 }[verb];
    if (at === undefined) return rows.at(-1);
    return rows[Math.min(Number(number) + at, rows.length - 1)];
  };

  // Where a row went that had this number.
  const placeAfter = (action, number) => {
    const [verb, , place] = action.split(":");
    const at = Number(place);
    if (verb === "copy") return number > at ? number + 1 : number;
    if (verb === "remove") return number === at ? -1 : number - (number > at);
    const by = { up: -1, down: 1 }[verb] || 0;
    if (number === at) return number + by;
    return number === at + by ? at : number;
  };

  const follow = (old, now, action) => {
    const rows = rowsOf(now);
    rowsOf(old).forEach((row, number) => became.set(row, rows[placeAfter(action, number)] || null));
  };

  const standing = (row) => {
    let one = row;
    while (one && !one.isConnected) one = became.get(one);
    return one;
  };

  const tableIn = (root, key) => root.querySelector(`[data-table="${CSS.escape(key)}"]`);

  // What stands in a table: the names and values of its fields, those to paste into left out.
  const typedIn = (table) =>
    JSON.stringify(
      [...table.querySelectorAll("input, select, textarea")]
        .filter((input) => !input.name.startsWith("paste-"))
        .map(({ name, type, value, checked }) =>
          [name, type === "checkbox" || type === "radio" ? [value, checked] : value.replaceAll("\r\n", "\n")]),
    );

  const typedInTables = () => [...form.querySelectorAll("[data-table]")].map(typedIn).join();

  // Whoever went on elsewhere meanwhile is not called back.
  const mayMove = (from) => {
    const here = document.activeElement;
    return here === from || here === document.body || !here?.isConnected;
  };

  // The table itself, and others that name its rows by number, if the change renumbered them.
  const replace = (page, action, from) => {
    const fresh = page.getElementById("section-form");
    const key = action.split(":")[1];
    if (!fresh || !tableIn(form, key) || !tableIn(fresh, key)) return false;
    const refused = tableIn(fresh, key).querySelector("[role=alert]");
    const free = mayMove(from) || tableIn(form, key).contains(document.activeElement);
    for (const old of form.querySelectorAll("[data-table]")) {
      const one = old.dataset.table;
      const now = tableIn(fresh, one);
      if (!now || (one !== key && typedIn(old) === typedIn(now))) continue;
      follow(old, now, one === key && !refused ? action : "");
      old.replaceWith(document.adoptNode(now));
      if (!refused) form.dispatchEvent(new CustomEvent("section:changed", { detail: one }));
    }
    const now = tableIn(form, key);
    document.dispatchEvent(new CustomEvent("portal:replaced"));
    const row = refused ? null : rowAfter(action, now);
    const goal = row?.querySelector("input:not([type=hidden]), select, textarea") ||
      now.querySelector(refused ? "textarea" : "button");
    if (free) goal?.focus();
    return true;
  };

  const asked = async (action) => {
    const data = new FormData(form);
    data.set("action", action);
    for (const name of [...data.keys()]) if (name.startsWith("file-")) data.delete(name);
    let answer;
    try {
      answer = await fetch(location.pathname, {
        method: "POST",
        body: data,
        redirect: "manual",
        signal: AbortSignal.timeout?.(PATIENCE), // older browsers wait as long as they do
      });
    } catch {
      throw new Failure("offline");
    }
    if (answer.status >= 500) throw new Failure("trouble");
    // Led elsewhere: to signing in, as a rule.
    if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) {
      throw new Failure("signed-out");
    }
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  };

  const change = async (action, from) => {
    const key = action.split(":")[1];
    busy = true;
    form.setAttribute("aria-busy", "true");
    tableIn(form, key)?.querySelector(".rows-failed")?.remove();
    try {
      let page, sent;
      do {
        sent = typedInTables();
        page = await asked(action);
      } while (sent !== typedInTables());
      if (!replace(page, action, from)) throw new Failure("");
    } catch (error) {
      // What is typed stays where it is.
      failed(key);
      if (error.mode) form.dispatchEvent(new CustomEvent("section:failed", { detail: error.mode }));
      if (document.activeElement === document.body) from?.focus();
    } finally {
      busy = false;
      form.removeAttribute("aria-busy");
    }
  };

  const failed = (key, words = "rows") => {
    const table = tableIn(form, key);
    const told = document.getElementById("saving")?.dataset[words];
    if (!table || !told) return;
    const note = document.createElement("p");
    note.className = "rows-failed invalid-feedback d-block";
    note.setAttribute("role", "alert");
    note.textContent = told;
    table.append(note);
  };

  // What is pressed or pasted meanwhile comes after it; what fails holds up nothing behind it.
  const afterwards = (then, key) => {
    running = running.then(then).catch(() => failed(key));
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=action]");
    if (!button || !ROWS.test(button.value)) return;
    event.preventDefault();
    // Pressed twice is meant once: the row has another number by now.
    if (!busy) afterwards(() => change(button.value, button), button.value.split(":")[1]);
  });

  let leaving = false;
  form.addEventListener("submit", (event) => {
    if (!busy) return;
    event.preventDefault();
    if (leaving) return;
    leaving = true;
    afterwards(() => {
      leaving = false;
      form.requestSubmit(event.submitter?.isConnected ? event.submitter : undefined);
    });
  });

  // Several cells pasted into one input go to the table, from this cell on.
  form.addEventListener("paste", (event) => {
    const table = event.target.closest("[data-table]");
    const row = event.target.closest(".table-row");
    const text = event.clipboardData?.getData("text/plain") || "";
    const cells = text.trimEnd();
    const many = cells.includes("\t") || (cells.includes("\n") && event.target.matches("input"));
    if (!table || !row || !many) return;
    const key = table.dataset.table;
    const input = (name) => form.querySelector(`[name="paste-${CSS.escape(key)}-${name}"]`);
    if (!input("text")) return;
    event.preventDefault();
    const column = event.target.name.split("-").at(-1);
    const cell = event.target.dataset.page ? column.replace(/_page$/, "") : column;
    const target = event.target;
    afterwards(() => {
      const goal = standing(row); // the change before it may have moved the row or taken it out
      if (!goal || !input("text")) return failed(key, "unpasted");
      input("text").value = text;
      input("row").value = String(rowsOf(tableIn(form, key)).indexOf(goal));
      input("column").value = cell;
      return change(`paste:${key}`, target);
    }, key);
  });
})();
