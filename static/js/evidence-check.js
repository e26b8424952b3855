/* A choice of evidence is looked at by the portal before it is taken: a page the file does not have
   is told of at its field, and nothing typed is lost. */

(() => {
  "use strict";

  const PATIENCE = 10000; // ms; who cannot be answered goes on, and the save looks at it again
  const FIELDS = ["place", "page", "part"];
  const form = document.getElementById("scores");
  if (!form) return;

  const fieldOf = (picker, name) => picker.querySelector(`.picker-${name}`);

  const tell = (picker, refused) => {
    for (const old of picker.querySelectorAll(".picker-refused, .invalid-feedback")) old.remove();
    for (const name of FIELDS) {
      const field = fieldOf(picker, name);
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
      if (!refused[name]) continue;
      const note = document.createElement("span");
      note.id = `refused-${name}`;
      note.className = "picker-refused invalid-feedback d-block";
      note.setAttribute("role", "alert");
      note.textContent = refused[name];
      field.closest("label").after(note);
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", note.id);
    }
    const first = FIELDS.find((name) => refused[name]);
    if (first) fieldOf(picker, first).focus();
  };

  // What the portal says against the choice, by field; nothing where it cannot be asked.
  window.evidenceRefused = async (picker) => {
    const asked = new URLSearchParams(FIELDS.map((name) => [name, fieldOf(picker, name).value.trim()]));
    try {
      const answer = await fetch(`${form.dataset.check}?${asked}`, {
        headers: { Accept: "application/json" },
        redirect: "error",
        signal: AbortSignal.timeout?.(PATIENCE),
      });
      return answer.ok ? (await answer.json()).refused : {};
    } catch {
      return {};
    }
  };

  // Say at the fields what is refused; whether the choice may be taken.
  window.evidenceChecked = async (picker) => {
    if (picker.isAsked) return false; // a second press, while the first one waits
    picker.isAsked = true;
    const refused = await window.evidenceRefused(picker);
    picker.isAsked = false;
    tell(picker, refused);
    return !Object.keys(refused).length;
  };
})();
