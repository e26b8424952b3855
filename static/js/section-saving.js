/* Saves what is typed by itself, says so, and keeps a copy in this browser until it is saved.
   Without this file one presses "Save". */

(() => {
  "use strict";

  const form = document.querySelector("form[data-autosave]");
  const panel = document.getElementById("saving");
  if (!form || !panel) return;

  const IDLE = 1500; // ms after the last key
  const PULSE = 20000;
  const RETRY = [3000, 10000, 30000];
  const MOST_ON_LEAVING = 60000; // characters: browsers send no more behind a page that closes
  const PATIENCE = 30000; // ms: a line that says nothing for so long is dead
  const copies = window.sectionCopies(form);
  const words = panel.dataset;
  const part = (name) => panel.querySelector(`.saving-${name}`);
  const prefix = `${form.dataset.section}-`;
  const dirty = new Map(); // field or table -> how often it was changed
  let savedAt = null, timer = 0, failures = 0, busy = false, renewed = false, mode = "", refusal = "";
  let running = Promise.resolve(); // the save under way
  let leaving = false; // "Save" was pressed and waits for it

  // Fields and tables ---------------------------------------------------------------------

  const memberOf = (name) => {
    if (!name.startsWith(prefix)) return "";
    const member = name.slice(prefix.length).split("-")[0];
    // The page of a file is typed beside it and saved with it.
    return form.elements[name]?.dataset?.page ? member.replace(/_page$/, "") : member;
  };

  const fieldsOf = (members, page = form) => {
    const data = [];
    for (const [name, value] of new FormData(page)) {
      if (typeof value === "string" && members.has(memberOf(name))) data.push([name, value]);
    }
    return data;
  };

  const marksIn = (begun) => {
    const pairs = begun.split(" ").filter(Boolean);
    return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf(":")), pair.slice(pair.indexOf(":") + 1)]));
  };

  const written = (marks) => [...marks].map(([member, mark]) => `${member}:${mark}`).join(" ");

  const takeMarks = (fresh) => {
    form.elements.begun.value = written(new Map([...marksIn(form.elements.begun.value), ...fresh]));
  };

  // What the copy's fields were begun from; all else as this page was.
  const begunOf = (copy) => [...marksIn(copy.begun)].filter(([member]) => copy.members.includes(member));

  // The copy in this browser --------------------------------------------------------------

  const keep = () => {
    const members = new Set(dirty.keys());
    const begun = form.elements.begun.value;
    copies.write(members.size ? { at: Date.now(), begun, members: [...members], fields: fieldsOf(members) } : null);
  };

  const same = (copy, page = form) =>
    JSON.stringify(copy.fields) === JSON.stringify(fieldsOf(new Set(copy.members), page));

  // Whether the portal itself wrote this into the page, and not the browser that keeps inputs.
  const isStored = (copy, drawn) =>
    same(copy, drawn) && !copy.members.some((one) => form.dataset.unsaved.split(" ").includes(one));

  const putBack = (copy) => {
    // The server lays the page out as it was typed: rows that are not here come back too.
    const again = document.createElement("form");
    again.method = "post";
    again.hidden = true;
    const put = (name, value) => {
      const input = document.createElement("textarea");
      input.name = name;
      input.value = value;
      again.append(input);
    };
    takeMarks(begunOf(copy));
    const members = new Set(copy.members);
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && name !== "copy" && !members.has(memberOf(name))) put(name, value);
    }
    for (const [name, value] of copy.fields) put(name, value);
    put("copy", copy.name || copies.name());
    put("action", "retype");
    document.body.append(again);
    again.submit();
  };

  // A copy that says what the page says need not be put back. What the portal drew is saved; of
  // what the browser put back only the portal knows, and may know it from the page that was here.
  const adopt = () => {
    const alike = copies.others().filter((copy) => same(copy));
    if (!alike.length) return;
    const drawn = form.cloneNode(true);
    drawn.reset();
    const adopted = alike.filter((copy) => !isStored(copy, drawn));
    for (const copy of [...adopted].reverse()) {
      takeMarks(begunOf(copy)); // the newest last: under its name the page goes on
      for (const member of copy.members) changed(member, 300);
    }
    if (adopted.length && !form.dataset.unsaved) copies.goOnAs(adopted[0]);
    if (adopted.length) keep();
    for (const copy of alike) if (copy.name !== copies.name()) copies.drop(copy.key);
  };

  const offerKept = () => {
    const copy = copies.others()[0];
    part("kept").hidden = !copy;
    if (!copy) return;
    panel.hidden = false;
    part("kept-at").textContent = new Date(copy.at).toLocaleString(document.documentElement.lang);
    part("put-back").onclick = () => putBack(copy);
    part("forget").onclick = () => {
      copies.drop(copy.key);
      offerKept();
    };
  };

  // What is told --------------------------------------------------------------------------

  const ago = (ms) => {
    const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
    const seconds = Math.round(ms / 1000);
    return seconds < 60 ? format.format(-seconds, "second") : format.format(-Math.round(seconds / 60), "minute");
  };

  const tell = () => {
    panel.hidden = false;
    const state = part("state");
    const text = {
      saving: words.saving,
      offline: words.offline,
      trouble: words.trouble,
      refused: refusal,
      unread: words.unread,
      other: words.other,
      closed: words.closed,
    }[mode];
    const quiet = savedAt ? words.saved.replace("%s", ago(Date.now() - savedAt)) : "";
    const now = text || (dirty.size ? words.unsaved : quiet);
    if (state.textContent !== now) state.textContent = now;
    // A screen reader is told what matters, not each second that passes.
    state.setAttribute("aria-live", mode && mode !== "saving" ? "polite" : "off");
    panel.classList.toggle("is-trouble", Boolean(mode) && mode !== "saving");
    part("signed-out").hidden = mode !== "signed-out";
  };

  // What was said of these fields and tables, by this script or by the page as it was loaded.
  const unsay = (members) => {
    for (const old of form.querySelectorAll(".saving-remark")) {
      if (members.has(old.dataset.member)) old.remove();
    }
    for (const input of form.elements) {
      if (!members.has(memberOf(input.name || ""))) continue;
      input.classList.remove("is-invalid");
      input.removeAttribute("aria-invalid");
      const place = input.closest("[id^=div_id_]:not(section)"); // a field's, not its whole table's
      for (const old of place?.querySelectorAll(".invalid-feedback") || []) old.remove();
      describe(input, []);
    }
  };

  const describe = (input, more) => {
    const told = (input.getAttribute("aria-describedby") || "").split(" ");
    const ids = [...told.filter((id) => id && document.getElementById(id)), ...more];
    if (ids.length) input.setAttribute("aria-describedby", ids.join(" "));
    else input.removeAttribute("aria-describedby");
  };

  const remark = (answer, members) => {
    unsay(members);
    const told = [
      ...answer.remarks.map((one) => ({ ...one, wrong: true })),
      ...answer.hints.map((one) => ({ ...one, wrong: false })),
    ];
    for (const [number, { at, text, wrong }] of told.entries()) {
      const place = document.getElementById(at);
      if (!place) continue;
      const note = document.createElement("p");
      note.id = `remark_${Date.now()}_${number}`;
      note.className = `saving-remark d-block ${wrong ? "invalid-feedback" : "form-text saving-hint"}`;
      note.dataset.member = memberOf(at.replace(/^div_id_/, ""));
      note.textContent = text;
      place.append(note);
      if (place.matches("section")) continue; // a whole table: no single input is wrong
      for (const input of place.querySelectorAll("input:not([type=hidden]), select, textarea")) {
        describe(input, [note.id]);
        if (wrong) input.setAttribute("aria-invalid", "true");
      }
    }
  };

  // Saving --------------------------------------------------------------------------------

  const send = async (address, data, closing) =>
    fetch(address, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: data,
      redirect: "error",
      signal: AbortSignal.timeout?.(PATIENCE), // older browsers wait as long as they do
      keepalive: Boolean(closing) && String(data).length < MOST_ON_LEAVING,
    });

  // What the portal says to a save that it did not take.
  const refused = async (answer) => {
    if (answer.status >= 500) return "trouble";
    if (answer.status === 401) return "signed-out";
    if (answer.status === 403 && !renewed) {
      const outcome = await window.sectionToken();
      renewed = true; // a token that is refused once more is not the reason
      return outcome || "again";
    }
    const known = answer.status === 409 ? (await answer.json()).refused : "";
    refusal = known ? `${words.refused} ${known}` : words.rejected.replace("%s", answer.status);
    return "refused";
  };

  const save = (closing) => {
    clearTimeout(timer);
    if (!busy && dirty.size) running = saving(closing);
  };

  const saving = async (closing) => {
    busy = true;
    const sent = new Map(dirty);
    const data = new URLSearchParams(fieldsOf(new Set(sent.keys())));
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("begun", form.elements.begun.value);
    data.set("copy", form.elements.copy.value);
    for (const member of sent.keys()) data.append("changed", member);
    mode = "saving";
    tell();
    try {
      const answer = await send(form.dataset.autosave, data, closing);
      if (answer.ok) taken(await answer.json(), sent);
      else mode = await refused(answer);
    } catch {
      mode = "offline";
    }
    busy = false;
    keep();
    goOn();
    tell();
  };

  const taken = (answer, sent) => {
    const done = [...answer.saved, ...answer.aside, ...answer.closed];
    for (const member of done) {
      if (dirty.get(member) === sent.get(member)) dirty.delete(member);
    }
    failures = 0;
    renewed = false;
    takeMarks(Object.entries(answer.marks));
    remark(answer, new Set(sent.keys()));
    const unread = [...sent.keys()].some((one) => !done.includes(one));
    for (const member of sent.keys()) if (dirty.get(member) === sent.get(member)) dirty.set(member, -1);
    mode = unread ? "unread" : answer.closed.length ? "closed" : "";
    savedAt = Date.now();
    if (answer.compare) {
      part("aside").hidden = false;
      part("aside").querySelector("a").href = answer.compare;
    }
  };

  const goOn = () => {
    const waiting = [...dirty.values()].some((times) => times > 0);
    if (mode === "again") return void (timer = setTimeout(save, 0));
    if (["offline", "trouble"].includes(mode)) {
      timer = setTimeout(save, RETRY[Math.min(failures, RETRY.length - 1)]);
      failures += 1;
    } else if (waiting && !["signed-out", "other", "refused"].includes(mode)) {
      timer = setTimeout(save, IDLE);
    }
  };

  const changed = (member, wait) => {
    if (!member) return;
    dirty.set(member, Math.max(dirty.get(member) || 0, 0) + 1);
    if (["unread", "refused", "closed"].includes(mode)) mode = "";
    tell();
    clearTimeout(timer);
    timer = setTimeout(save, wait);
    setTimeout(keep, 0);
  };

  form.addEventListener("input", (event) => changed(memberOf(event.target.name || ""), IDLE));
  form.addEventListener("change", (event) => changed(memberOf(event.target.name || ""), 300));
  form.addEventListener("section:changed", (event) => changed(event.detail, 300));
  form.addEventListener("section:failed", (event) => { mode ||= event.detail; tell(); retry(); });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    clearTimeout(timer);
    keep();
    if (!busy) return;
    // What the save under way answers is what the rest is begun from.
    event.preventDefault();
    if (leaving) return;
    leaving = true;
    running.then(() => {
      leaving = false;
      form.requestSubmit(event.submitter?.isConnected ? event.submitter : undefined);
    });
  });
  window.addEventListener("online", () => save());
  document.addEventListener("visibilitychange", () => (document.hidden ? save(true) : retry()));

  // Back from signing in, or from being away: try at once.
  const retry = async () => {
    if (!["signed-out", "other", "offline", "trouble"].includes(mode)) return;
    if (["offline", "trouble"].includes(mode) && dirty.size) return save();
    try {
      mode = await window.sectionToken();
      renewed = false;
    } catch { /* still away */ }
    tell();
    if (!mode) save();
  };
  window.addEventListener("focus", retry);

  // Who else is here ----------------------------------------------------------------------

  const pulse = async () => {
    if (!form.dataset.presence) return; // a sheet has one writer
    if (document.hidden || mode === "signed-out") return;
    const data = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    try {
      const answer = await send(form.dataset.presence, data);
      if (answer.status === 401) mode = "signed-out";
      if (answer.status === 403 && !mode) mode = await window.sectionToken();
      if (!answer.ok) return tell();
      const { others } = await answer.json();
      const line = part("others");
      line.hidden = !others.length;
      line.textContent = others
        .map(({ name, section }) =>
          (section === form.dataset.section ? line.dataset.one : line.dataset.elsewhere).replace("%s", name))
        .join(" ");
      if (others.length) panel.hidden = false;
    } catch { /* the next save says so */ }
  };

  // What holds only where nothing is saved by itself.
  for (const one of form.querySelectorAll("[data-scripted]")) {
    if (one.dataset.scripted) one.textContent = one.dataset.scripted;
    one.hidden = false;
  }
  // A page that shows again what was sent shows what is not saved.
  for (const member of form.dataset.unsaved.split(" ")) changed(member, 300);
  adopt();
  offerKept();
  pulse();
  setInterval(pulse, PULSE);
  setInterval(() => { if (!panel.hidden) tell(); }, 5000);
})();
