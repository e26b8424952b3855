/* The scoring desk counts along while one types. Without this file it counts at each save. */

(() => {
  "use strict";

  const form = document.getElementById("scores");
  if (!form || !form.querySelector(".score-input")) return;

  const number = (input) => {
    const value = input.value.trim();
    const best = Number(input.dataset.best);
    return /^\d{1,3}$/.test(value) && Number(value) <= best ? Number(value) : null;
  };

  const points = (input) => {
    const value = number(input);
    return value === null ? null : (100 * value) / Number(input.dataset.best);
  };

  // Pairs of weight and value; null when nothing is scored, as on the server.
  const mean = (pairs) => {
    const given = pairs.filter(([, value]) => value !== null);
    const weight = given.reduce((sum, [one]) => sum + one, 0);
    return weight ? given.reduce((sum, [one, value]) => sum + one * value, 0) / weight : null;
  };

  const show = (output, value) => {
    output.textContent = value === null ? "–" : value.toFixed(2);
  };

  const markComment = (indicator) => {
    const input = indicator.querySelector(".score-input");
    const value = number(input);
    const extreme =
      indicator.querySelector(".score-without")?.checked ||
      (value !== null &&
        (value >= Number(input.dataset.bestFrom) || value <= Number(input.dataset.worstTo)));
    const empty = !indicator.querySelector("textarea").value.trim();
    indicator.querySelector(".comment-wanted").hidden = !(extreme && empty);
  };

  const count = () => {
    const means = [];
    for (const dimension of form.querySelectorAll(".dimension")) {
      const inputs = [...dimension.querySelectorAll(".score-input")];
      const value = mean(inputs.map((input) => [Number(input.dataset.weight), points(input)]));
      show(dimension.querySelector("[data-mean]"), value);
      means.push([Number(dimension.dataset.weight), value]);
    }
    show(form.querySelector("[data-total]"), mean(means));
  };

  let unsaved = false;
  form.addEventListener("input", (event) => {
    unsaved = true;
    form.querySelector("[data-scored]").hidden = true; // counted at the last save
    const indicator = event.target.closest(".indicator");
    if (indicator) markComment(indicator);
    count();
  });
  form.addEventListener("submit", () => {
    unsaved = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
})();
