/* The scoring desk counts along while one types. Without this file it counts at each save. */

(() => {
  "use strict";

  const form = document.getElementById("scores");
  if (!form || !form.querySelector(".score-input")) return;

  const number = (input) => {
    const value = input.value.normalize("NFKC").trim();
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

  // In the best and the worst band an answer needs a comment and evidence.
  const markWanted = (indicator) => {
    const input = indicator.querySelector(".score-input");
    const value = number(input);
    const without = indicator.querySelector(".score-without")?.checked;
    const extreme =
      value !== null &&
      (value >= Number(input.dataset.bestFrom) || value <= Number(input.dataset.worstTo));
    const explained = indicator.querySelector("textarea").value.trim();
    const shown = indicator.querySelector(".anchors input");
    indicator.querySelector(".comment-wanted").hidden = !((extreme || without) && !explained);
    indicator.querySelector(".evidence-wanted").hidden = !(extreme && !without && !shown);
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

  const indicators = [...form.querySelectorAll(".indicator")];

  const isScored = (indicator) =>
    indicator.querySelector(".score-without")?.checked || number(indicator.querySelector(".score-input")) !== null;

  const counted = (indicator) => {
    const said = form.querySelector("[data-scored]");
    said.textContent = said.dataset.scored.replace("%s", String(indicators.filter(isScored).length));
    if (indicator) markWanted(indicator);
    count();
  };

  form.addEventListener("input", (event) => counted(event.target.closest(".indicator")));
  form.addEventListener("scores:counted", () => indicators.forEach(markWanted));

  // The line with the total lies over the end of the window: what is scrolled to stands above it.
  const bar = form.querySelector(".desk-total");
  const measure = () => {
    document.documentElement.style.setProperty("--desk-bar", `${Math.ceil(bar.offsetHeight)}px`);
  };
  new ResizeObserver(measure).observe(bar);

  // Keys ----------------------------------------------------------------------------------

  const move = (from, step) => {
    const next = indicators[indicators.indexOf(from) + step];
    if (!next) return;
    next.querySelector(".score-input").focus();
    next.scrollIntoView({ block: "nearest" });
  };

  form.addEventListener("keydown", (event) => {
    const indicator = event.target.closest(".indicator");
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      form.requestSubmit(document.getElementById("save-next"));
    } else if (event.key === "Enter" && event.target.matches(".score-input")) {
      event.preventDefault();
      move(indicator, 1);
    } else if (event.altKey && !event.target.closest(".picker") && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      if (indicator) move(indicator, event.key === "ArrowDown" ? 1 : -1);
      else indicators[0].querySelector(".score-input").focus();
    }
  });
})();
