/* The what-if bench: the sums of the weights while one types. Trying checks them. */

(() => {
  "use strict";

  const form = document.getElementById("bench");
  if (!form) return;

  const FULL = 100;
  const value = (input) => Number(input.value || input.dataset.holds) || 0;
  const sum = (inputs) => Math.round(100 * inputs.reduce((total, one) => total + value(one), 0)) / 100;
  const fields = (input) => (input.dataset.fields || "").split(" ").filter(Boolean);

  // The sum of what is asked in each field that some indicator names, and in all the others.
  const sums = (inputs) => {
    const named = [...new Set(inputs.flatMap(fields))].sort();
    const asked = (field) => inputs.filter((one) => !fields(one).length || fields(one).includes(field));
    return [["", sum(asked(null))], ...named.map((field) => [field, sum(asked(field))])];
  };

  const count = () => {
    for (const part of form.querySelectorAll("[data-weights]")) {
      const found = sums([...part.querySelectorAll("input")]);
      const output = part.querySelector("output");
      output.textContent = found.map(([name, total]) => (name ? `${name} ${total}` : `${total}`)).join(" · ");
      output.classList.toggle("weight-wrong", found.some(([, total]) => total !== FULL));
    }
  };

  form.addEventListener("input", count);
  count();
})();
