/* What is typed and not saved lies in this browser as a copy: one of each open page, so that no
   page writes over the copy of another. It goes once the portal says that it has the text. */

(() => {
  "use strict";

  const PREFIX = "declaration:";

  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // a forbidden store: saving to the portal goes on
    }
  };

  const drop = (key) => {
    try {
      localStorage.removeItem(key);
    } catch { /* nothing is kept there */ }
  };

  const keys = () => {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    } catch {
      return [];
    }
  };

  // "Save" led here, and the address says whose text was saved.
  const here = new URL(location.href);
  const saved = here.searchParams.get("saved");
  if (saved) {
    keys().filter((key) => key.endsWith(`:${saved}`)).forEach(drop);
    here.searchParams.delete("saved");
    history.replaceState(history.state, "", here);
  }

  window.sectionCopies = (form) => {
    const base = PREFIX + form.dataset.copy;
    // A page that answers a refused save goes on under the name of the one that was sent.
    const numbers = crypto.getRandomValues(new Uint32Array(3));
    let name = form.elements.copy.value || Array.from(numbers, (one) => one.toString(36)).join("");
    let own = `${base}:${name}`;
    let written = read(own);
    form.elements.copy.value = name;

    const write = (copy) => {
      try {
        if (copy) {
          written = JSON.stringify(copy);
          localStorage.setItem(own, written);
        } else if (written !== null && localStorage.getItem(own) === written) {
          localStorage.removeItem(own);
        }
      } catch { /* a full or forbidden store: saving to the portal goes on */ }
    };

    const parsed = (key) => {
      try {
        const copy = JSON.parse(read(key));
        return copy?.fields && { ...copy, key, name: key.slice(base.length + 1) };
      } catch {
        return null;
      }
    };

    // The copies of other pages of this section, newest first.
    const others = () =>
      keys()
        .filter((key) => key !== own && (key === base || key.startsWith(`${base}:`)))
        .map(parsed)
        .filter(Boolean)
        .sort((a, b) => b.at - a.at);

    // Go on as the page that left this copy: what it saved last is this page's own then.
    const goOnAs = (copy) => {
      if (!copy.name) return;
      ({ name, key: own } = copy);
      written = read(own);
      form.elements.copy.value = name;
    };

    return { name: () => name, write, others, drop, goOnAs };
  };
})();
