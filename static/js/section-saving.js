/* Saves what is typed by itself, says so, and keeps a copy in this browser until it is saved.
   Without this file one presses "Save". */

(() => {
  "use strict";

  const form = document.getElementById("section-form");
  const panel = document.getElementById("saving");
  if (!form?.dataset.autosave || !panel) return;

  const IDLE = 1500; // ms after the last key
  const PULSE = 20000;
  const RETRY = [3000, 10000, 30000];
  const KEY = `declaration:${form.dataset.copy}`;
  const words = panel.dataset;
  const part = (name) => panel.querySelector(`.saving-${name}`);
  const prefix = `${form.dataset.section}-`;
  const dirty = new Map(); // field or table -> how often it was changed
  let savedAt = null, timer = 0, failures = 0, busy = false, mode = "";

  // Fields and tables ---------------------------------------------------------------------

  const memberOf = (name) => (name.startsWith(prefix) ? name.slice(prefix.length).split("-")[0] : "");

  const fieldsOf = (members) => {
    const data = [];
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && members.has(memberOf(name))) data.push([name, value]);
    }
    return data;
  };

  const marks = () => {
    const pairs = form.elements.begun.value.split(" ").filter(Boolean);
    return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf(":")), pair.slice(pair.indexOf(":") + 1)]));
  };

  const takeMarks = (fresh) => {
    const all = marks();
    for (const [member, mark] of Object.entries(fresh)) all.set(member, mark);
    form.elements.begun.value = [...all].map(([member, mark]) => `${member}:${mark}`).join(" ");
  };

  // The copy in this browser --------------------------------------------------------------

  const keep = () => {
    try {
      if (!dirty.size) return localStorage.removeItem(KEY);
      const members = new Set(dirty.keys());
      const copy = { at: Date.now(), begun: form.elements.begun.value, members: [...members], fields: fieldsOf(members) };
      localStorage.setItem(KEY, JSON.stringify(copy));
    } catch { /* a full or forbidden store: saving to the server goes on */ }
  };

  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY));
    } catch {
      return null;
    }
  };

  const same = (copy) =>
    JSON.stringify(copy.fields) === JSON.stringify(fieldsOf(new Set(copy.members)));

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
    const members = new Set(copy.members);
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && name !== "begun" && !members.has(memberOf(name))) put(name, value);
    }
    for (const [name, value] of copy.fields) put(name, value);
    put("begun", copy.begun);
    put("action", "retype");
    document.body.append(again);
    again.submit();
  };

  const offerKept = () => {
    const copy = kept();
    if (!copy?.fields) return;
    if (same(copy)) return localStorage.removeItem(KEY);
    part("kept").hidden = false;
    part("kept-at").textContent = new Date(copy.at).toLocaleString(document.documentElement.lang);
    part("put-back").addEventListener("click", () => putBack(copy));
    part("forget").addEventListener("click", () => {
      localStorage.removeItem(KEY);
      part("kept").hidden = true;
    });
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
      unread: words.unread,
      other: words.other,
    }[mode];
    const quiet = savedAt ? words.saved.replace("%s", ago(Date.now() - savedAt)) : "";
    const now = text || (mode.startsWith("refused") ? mode.slice(8) : dirty.size ? words.unsaved : quiet);
    if (state.textContent !== now) state.textContent = now;
    // A screen reader is told what matters, not each second that passes.
    state.setAttribute("aria-live", mode && mode !== "saving" ? "polite" : "off");
    panel.classList.toggle("is-trouble", Boolean(mode) && mode !== "saving");
    part("signed-out").hidden = mode !== "signed-out";
  };

  const remark = (answer, members) => {
    for (const old of form.querySelectorAll(".saving-remark")) {
      if (members.has(old.dataset.member)) old.remove();
    }
    const told = [
      ...answer.remarks.map((one) => ({ ...one, look: "invalid-feedback" })),
      ...answer.hints.map((one) => ({ ...one, look: "form-text saving-hint" })),
    ];
    for (const { at, text, look } of told) {
      const place = document.getElementById(at);
      if (!place) continue;
      const note = document.createElement("p");
      note.className = `saving-remark d-block ${look}`;
      note.dataset.member = memberOf(at.replace(/^(div_id_|div_id|table_)/, "")) || "";
      note.textContent = text;
      place.append(note);
    }
  };

  // Saving --------------------------------------------------------------------------------

  const anew = async () => {
    // Signed in again: the page's token is old. A fresh page has one, and says whose it is.
    const answer = await fetch(location.pathname, { redirect: "error" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("#section-form [name=csrfmiddlewaretoken]");
    const person = page.getElementById("saving")?.dataset.person;
    if (!token) return "signed-out";
    if (person !== words.person) return "other";
    for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = token.value;
    return "";
  };

  const send = async (address, data, leaving) =>
    fetch(address, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: data,
      redirect: "error",
      keepalive: Boolean(leaving),
    });

  const save = async (leaving) => {
    clearTimeout(timer);
    if (busy || !dirty.size) return;
    busy = true;
    const sent = new Map(dirty);
    const data = new URLSearchParams(fieldsOf(new Set(sent.keys())));
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("begun", form.elements.begun.value);
    for (const member of sent.keys()) data.append("changed", member);
    mode = "saving";
    tell();
    try {
      const answer = await send(form.dataset.autosave, data, leaving);
      if (answer.ok) taken(await answer.json(), sent);
      else if (answer.status === 409) mode = `refused:${words.refused} ${(await answer.json()).refused}`;
      else if (answer.status === 401) mode = "signed-out";
      else if (answer.status === 403) mode = (await anew()) || "again";
      else throw new Error(String(answer.status));
      failures = 0;
    } catch {
      mode = "offline";
    }
    busy = false;
    keep();
    goOn();
    tell();
  };

  const taken = (answer, sent) => {
    for (const member of [...answer.saved, ...answer.aside]) {
      if (dirty.get(member) === sent.get(member)) dirty.delete(member);
    }
    takeMarks(answer.marks);
    remark(answer, new Set(sent.keys()));
    const unread = [...sent.keys()].some((one) => !answer.saved.includes(one) && !answer.aside.includes(one));
    for (const member of sent.keys()) if (dirty.get(member) === sent.get(member)) dirty.set(member, -1);
    mode = unread ? "unread" : "";
    savedAt = Date.now();
    if (answer.compare) {
      part("aside").hidden = false;
      part("aside").querySelector("a").href = answer.compare;
    }
  };

  const goOn = () => {
    const waiting = [...dirty.values()].some((times) => times > 0);
    if (mode === "again") return void (timer = setTimeout(save, 0));
    if (mode === "offline") {
      timer = setTimeout(save, RETRY[Math.min(failures, RETRY.length - 1)]);
      failures += 1;
    } else if (waiting && !["signed-out", "other"].includes(mode) && !mode.startsWith("refused")) {
      timer = setTimeout(save, IDLE);
    }
  };

  const changed = (member, wait) => {
    if (!member) return;
    dirty.set(member, Math.max(dirty.get(member) || 0, 0) + 1);
    if (["unread", ""].includes(mode) || mode.startsWith("refused")) mode = "";
    tell();
    clearTimeout(timer);
    timer = setTimeout(save, wait);
    setTimeout(keep, 0);
  };

  form.addEventListener("input", (event) => changed(memberOf(event.target.name || ""), IDLE));
  form.addEventListener("change", (event) => changed(memberOf(event.target.name || ""), 300));
  form.addEventListener("section:changed", (event) => changed(event.detail, 300));
  form.addEventListener("section:failed", () => { if (!mode) mode = "offline"; tell(); retry(); });
  form.addEventListener("submit", () => { clearTimeout(timer); keep(); });
  window.addEventListener("online", () => save());
  document.addEventListener("visibilitychange", () => (document.hidden ? save(true) : retry()));

  // Back from signing in, or from being away: try at once.
  const retry = async () => {
    if (["signed-out", "other", "offline"].includes(mode)) {
      try {
        mode = await anew();
      } catch { /* still away */ }
      tell();
      if (!mode) save();
    }
  };
  window.addEventListener("focus", retry);

  // Who else is here ----------------------------------------------------------------------

  const pulse = async () => {
    if (document.hidden || mode === "signed-out") return;
    const data = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    try {
      const answer = await send(form.dataset.presence, data);
      if (answer.status === 401) mode = "signed-out";
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

  offerKept();
  if (!part("kept").hidden) panel.hidden = false;
  pulse();
  setInterval(pulse, PULSE);
  setInterval(() => { if (!panel.hidden) tell(); }, 5000);
})();
