/* The outline of a criteria set: the sums of the weights while one types. Saving checks them. */

(() => {
  "use strict";

  const form = document.getElementById("outline");
  if (!form) return;

  const FULL = 100;
  const value = (input) => Number(input.value) || 0;
  const sum = (inputs) => inputs.reduce((total, input) => total + value(input), 0);
  const weights = (place) => [...place.querySelectorAll("input[name$=':weight']")];

  const show = (output, parts) => {
    output.textContent = parts.map(([name, total]) => (name ? `${name} ${total}` : `${total}`)).join(" · ");
    output.classList.toggle("weight-wrong", parts.some(([, total]) => total !== FULL));
  };

  // The sum of what is asked in each field that some indicator names, and in all the others.
  const byField = (rows) => {
    const named = [...new Set(rows.flatMap((row) => row.dataset.fields.split(" ").filter(Boolean)))].sort();
    const asked = (field) =>
      rows.filter((row) => !row.dataset.fields || row.dataset.fields.split(" ").includes(field));
    const total = (field) => sum(asked(field).flatMap(weights));
    return [["", total(null)], ...named.map((field) => [field, total(field)])];
  };

  const count = () => {
    const heads = [];
    for (const dimension of form.querySelectorAll("[data-dimension]")) {
      const rows = [...dimension.querySelectorAll("tr[data-fields]")];
      show(dimension.querySelector("[data-sum='indicators']"), byField(rows));
      heads.push(dimension.querySelector(".form-row input[name$=':weight']"));
    }
    show(form.querySelector("[data-sum='dimensions']"), [["", sum(heads)]]);
  };

  form.addEventListener("input", count);
  count();
})();
