/* Rows of a table change at once, without a new page; cells are pasted where the cursor is.
   What is typed while a change is on its way is kept: the change is asked for once more.
   Without this file the same buttons load the page anew. */

(() => {
  "use strict";

  const form = document.getElementById("section-form");
  if (!form?.dataset.autosave) return;
  const ROWS = /^(add|copy|up|down|remove|paste):/;

  // Where to go on: the row that the button was about, or the last one of the table.
  const rowAfter = (action, table) => {
    const [verb, , number] = action.split(":");
    const rows = [...table.querySelectorAll(".table-row")];
    const at = { copy: 1, up: -1, down: 1, remove: 0 }[verb];
    if (at === undefined) return rows.at(-1);
    return rows[Math.min(Number(number) + at, rows.length - 1)];
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

  // The table itself, and others that name its rows by number, if the change renumbered them.
  const replace = (page, action) => {
    const fresh = page.getElementById("section-form");
    const key = action.split(":")[1];
    if (!fresh || !tableIn(form, key) || !tableIn(fresh, key)) return false;
    const refused = tableIn(fresh, key).querySelector("[role=alert]");
    for (const old of form.querySelectorAll("[data-table]")) {
      const one = old.dataset.table;
      const now = tableIn(fresh, one);
      if (!now || (one !== key && typedIn(old) === typedIn(now))) continue;
      old.replaceWith(document.adoptNode(now));
      if (!refused) form.dispatchEvent(new CustomEvent("section:changed", { detail: one }));
    }
    const now = tableIn(form, key);
    document.dispatchEvent(new CustomEvent("portal:replaced"));
    const row = refused ? null : rowAfter(action, now);
    const goal = row?.querySelector("input:not([type=hidden]), select, textarea") ||
      now.querySelector(refused ? "textarea" : "button");
    goal?.focus();
    return true;
  };

  const asked = async (action) => {
    const data = new FormData(form);
    data.set("action", action);
    for (const name of [...data.keys()]) if (name.startsWith("file-")) data.delete(name);
    const answer = await fetch(location.pathname, { method: "POST", body: data, redirect: "error" });
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  };

  const change = async (action, button) => {
    form.setAttribute("aria-busy", "true");
    try {
      let page, sent;
      do {
        sent = typedInTables();
        page = await asked(action);
      } while (sent !== typedInTables());
      if (!replace(page, action)) throw new Error("another page");
    } catch {
      // Signed out, offline, or not what was expected: what is typed stays where it is.
      form.dispatchEvent(new CustomEvent("section:failed"));
      if (button) button.focus();
    } finally {
      form.removeAttribute("aria-busy");
    }
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=action]");
    if (!button || !ROWS.test(button.value)) return;
    event.preventDefault();
    if (form.getAttribute("aria-busy") !== "true") change(button.value, button);
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
    const input = (name) => table.querySelector(`[name="paste-${CSS.escape(key)}-${name}"]`);
    if (!input("text")) return;
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return;
    input("text").value = text;
    input("row").value = String([...table.querySelectorAll(".table-row")].indexOf(row));
    const column = event.target.name.split("-").at(-1);
    input("column").value = event.target.dataset.page ? column.replace(/_page$/, "") : column;
    change(`paste:${key}`, null);
  });
})();
