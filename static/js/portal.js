/* Small comforts. Every page works without this file. */

(() => {
  "use strict";

  const button = document.querySelector(".menu-button");
  const nav = document.getElementById("site-nav");
  button?.addEventListener("click", () => {
    const open = nav.classList.toggle("is-open");
    button.setAttribute("aria-expanded", String(open));
  });

  // A menu made of <details> closes on Escape and on a click elsewhere.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.drop[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.drop[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // After a refused form the list of errors is read first; its links enter the field.
  document.querySelector(".error-summary")?.focus();
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".error-summary a");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    target.scrollIntoView({ block: "center" });
    target.querySelector("input, select, textarea")?.focus({ preventScroll: true });
  });

  // One click sends one form. No event tells that the answer was a file (data-download), or that
  // loading was stopped: after a while the button works again.
  const FREE_AGAIN = 8000; // ms
  const GIVEN_UP = 120000; // ms: an answer that leads to a page may take long; Escape is quicker
  const sent = new Set();
  const free = () => {
    for (const form of sent) form.removeAttribute("aria-busy");
    sent.clear();
  };
  let freeing = 0;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.getAttribute("aria-busy") === "true") return event.preventDefault();
    form.setAttribute("aria-busy", "true");
    sent.add(form);
    clearTimeout(freeing);
    freeing = setTimeout(free, "download" in form.dataset ? FREE_AGAIN : GIVEN_UP);
  });
  window.addEventListener("pageshow", free);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") free(); });

  // A field with data-word-limit shows how much is used: a Han character counts as a word.
  const words = (text) =>
    (text.match(/\p{Script=Han}|[^\s\p{Script=Han}\p{P}\p{S}]+/gu) || []).length;
  const countAll = () => {
    for (const field of document.querySelectorAll("[data-word-limit]:not([data-counted])")) {
      field.dataset.counted = "yes";
      const limit = Number(field.dataset.wordLimit);
      const hint = document.createElement("span");
      hint.className = "word-count";
      const show = () => {
        const used = words(field.value);
        hint.textContent = `${used} / ${limit}`;
        hint.classList.toggle("is-over", used > limit);
      };
      field.addEventListener("input", show);
      field.after(hint);
      show();
    }
  };
  // A script that puts a part of the page anew says so.
  document.addEventListener("portal:replaced", countAll);
  countAll();
})();
