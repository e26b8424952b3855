/* Signed in again, a page goes on: its token is old, a fresh page has another and says whose it is. */

(() => {
  "use strict";

  const PATIENCE = 30000; // ms

  // Take the new token over; say what is in the way: "trouble", "signed-out", "other" or nothing.
  window.sectionToken = async () => {
    const answer = await fetch(location.pathname, {
      redirect: "error",
      signal: AbortSignal.timeout?.(PATIENCE), // older browsers wait as long as they do
    });
    if (answer.status >= 500) return "trouble";
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("form[data-autosave] [name=csrfmiddlewaretoken]");
    const person = page.getElementById("saving")?.dataset.person;
    if (!token) return "signed-out";
    if (person !== document.getElementById("saving")?.dataset.person) return "other";
    for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) {
      input.value = token.value;
    }
    return "";
  };
})();
