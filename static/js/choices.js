/* Long lists of boxes get a search, and count along. Without this file the families still open. */

(() => {
  "use strict";

  // Letters alone decide: "cote d" finds "Côte d’Ivoire", "so2" finds "SO₂".
  const plain = (text) =>
    text
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .replace(/[’‘]/g, "'")
      .toLowerCase();

  const searchOf = (list, number) => {
    const id = `search_${list.id || number}`;
    const frame = document.createElement("div");
    frame.className = "many-search";
    const label = document.createElement("label");
    label.className = "form-label";
    label.htmlFor = id;
    label.textContent = list.dataset.search;
    const input = document.createElement("input");
    input.type = "search";
    input.id = id;
    input.className = "form-control";
    input.autocomplete = "off";
    const told = document.createElement("p");
    told.className = "form-text";
    told.setAttribute("role", "status");
    frame.append(label, input, told);
    list.querySelector(".many-chosen").after(frame);
    return { input, told };
  };

  const equip = (list, number) => {
    const families = [...list.querySelectorAll(".family")];
    const boxes = [...list.querySelectorAll(".form-check")].map((row) => ({
      row,
      box: row.querySelector("input"),
      name: row.querySelector("label").textContent.trim(),
    }));
    const { input, told } = searchOf(list, number);
    let opened = null; // which families were open before the search

    const filter = () => {
      const wanted = plain(input.value.trim());
      opened ??= families.map((family) => family.open);
      let matches = 0;
      for (const { row, name } of boxes) {
        row.hidden = Boolean(wanted) && !plain(name).includes(wanted);
        if (!row.hidden) matches += 1;
      }
      families.forEach((family, at) => {
        const some = family.querySelector(".form-check:not([hidden])") !== null;
        family.hidden = !some;
        family.open = wanted ? some : opened[at];
      });
      if (!wanted) opened = null;
      told.textContent = wanted ? `${list.dataset.matches} ${matches}` : "";
    };

    const count = () => {
      const chosen = list.querySelector("[data-chosen]");
      const names = boxes.filter(({ box }) => box.checked).map(({ name }) => name);
      chosen.textContent = names.join(" · ") || chosen.dataset.none;
      for (const family of families) {
        const checked = family.querySelectorAll("input:checked").length;
        const told = family.querySelector("[data-count]");
        told.textContent = told.dataset.count.replace("#", String(checked));
      }
    };

    input.addEventListener("input", filter);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault(); // it would send the form
      if (event.key === "Escape" && input.value) {
        event.preventDefault();
        input.value = "";
        filter();
      }
    });
    list.addEventListener("change", count);
    count(); // the browser may have put back what was ticked before
  };

  const equipAll = () =>
    document.querySelectorAll(".many-boxes:not([data-equipped])").forEach((list, number) => {
      list.dataset.equipped = "yes";
      equip(list, number);
    });
  document.addEventListener("portal:replaced", equipAll);
  equipAll();
})();
