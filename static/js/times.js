/* Beside a time of the portal's zone stands the reader's own. Without this file there is the offset. */

(() => {
  "use strict";

  const language = document.documentElement.lang;

  const offsetOf = (text) => {
    const found = /([+-])(\d\d):(\d\d)$/.exec(text);
    if (!found) return 0;
    const minutes = Number(found[2]) * 60 + Number(found[3]);
    return found[1] === "-" ? -minutes : minutes;
  };

  const write = () => {
    for (const element of document.querySelectorAll("time.moment:not([data-written])")) {
      element.dataset.written = "yes";
      const at = new Date(element.dateTime);
      // The reader's zone at that moment, summer time included, may be as the portal's.
      if (Number.isNaN(at.getTime()) || -at.getTimezoneOffset() === offsetOf(element.dateTime)) continue;
      const words = new Intl.DateTimeFormat(language, {
        dateStyle: "medium",
        timeStyle: "short",
      }).format(at);
      const zone = Intl.DateTimeFormat(language, { timeZoneName: "shortOffset" })
        .formatToParts(at)
        .find((part) => part.type === "timeZoneName").value;
      const note = document.createElement("bdi"); // its words may be of another direction
      note.className = "moment-yours";
      note.textContent = element.dataset.yours.replace("{time}", `\u2068${words} ${zone}\u2069`);
      element.after(" ", note);
    }
  };

  document.addEventListener("portal:replaced", write);
  write();
})();
