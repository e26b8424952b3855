// Security keys: says on the page what allauth would only write to the console.

(() => {
  "use strict";

  const failed = document.querySelector("[data-passkey-failed]");

  document.addEventListener("allauth.error", (event) => {
    if (!failed || !event.detail.tags.includes("webauthn")) {
      return;
    }
    event.preventDefault();
    failed.hidden = false;
    failed.scrollIntoView({ block: "nearest" });
  });
})();
