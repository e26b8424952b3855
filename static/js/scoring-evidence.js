/* Evidence is named beside the declaration: "Cite" at a place, or the choice of places at an
   indicator. Without this file each is a press of a button that the portal answers. */

(() => {
  "use strict";

  const form = document.getElementById("scores");
  const template = document.getElementById("evidence-picker");
  const side = document.getElementById("declaration");
  if (!form || !template || !side) return;

  const words = document.createElement("div"); // the texts of the picker's buttons, once
  words.append(template.content.cloneNode(true));
  const options = new Map(
    [...words.querySelectorAll("option[value]")].map((one) => [one.value, one]),
  );
  let current = null; // the evidence of the indicator that is being judged

  const labelOf = (place) => {
    const option = options.get(place);
    const group = option?.parentElement?.label;
    if (!option) return place;
    return place.startsWith("file:") || group === option.textContent
      ? option.textContent
      : `${group} – ${option.textContent}`;
  };

  const said = document.createElement("span"); // what a press of "Cite" came to
  said.className = "cite-said";
  said.setAttribute("role", "status");

  const say = (words, beside) => {
    beside.after(said);
    said.textContent = words;
  };

  const told = (anchors) =>
    form.dispatchEvent(new CustomEvent("section:changed", { detail: anchors.dataset.name.split("-")[1] }));

  const add = (anchors, text, label, href) => {
    const list = anchors.querySelector("ul");
    if ([...list.querySelectorAll("input")].some((input) => input.value === text)) return;
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = href;
    link.textContent = label;
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = anchors.dataset.name;
    input.value = text;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn btn-link anchor-drop";
    drop.textContent = "×";
    drop.setAttribute("aria-label", form.dataset.drop.replace("%s", () => label));
    item.append(link, " ", input, drop);
    list.append(item);
    told(anchors);
    form.dispatchEvent(new Event("scores:counted"));
  };

  const nameOf = (anchors) =>
    anchors.closest(".indicator").querySelector("h3").firstChild.textContent.trim();

  const close = () => {
    for (const old of form.querySelectorAll(".anchors .picker")) old.remove();
  };

  const open = (anchors) => {
    close();
    current = anchors;
    anchors.append(template.content.cloneNode(true));
    const place = anchors.querySelector(".picker-place");
    const file = anchors.querySelector(".picker-file");
    const show = () => { file.hidden = !place.value.startsWith("file:"); };
    place.addEventListener("change", show);
    show();
    place.focus();
    place.closest(".picker").scrollIntoView({ block: "nearest" });
  };

  const chosen = async (anchors) => {
    const picker = anchors.querySelector(".picker");
    const place = picker.querySelector(".picker-place");
    if (!place.value) return place.focus();
    const field = picker.querySelector(".picker-page");
    const page = field.value.trim();
    const part = picker.querySelector(".picker-part");
    const { box: drawn, boxPage, boxWords } = picker.dataset; // page-part.js
    const box = boxPage === page ? drawn : ""; // Enter in the field of the page: no "change" yet
    if (place.value.startsWith("file:") && (page || part.value)) {
      if (!(await window.evidenceChecked(picker)) || !picker.isConnected) return null;
      if (!/^[1-9]\d{0,4}$/.test(page)) return field.focus(); // the portal could not be asked
    }
    let text = place.value;
    let label = labelOf(place.value);
    if (place.value.startsWith("file:") && page) {
      text += `#page=${page}${part.value ? `&xywh=percent:${part.value}` : ""}`;
      if (box) text += `&box=${box}`;
      label += `, ${form.dataset.page.replace("%s", page)}`;
      const named = box ? boxWords : part.value && part.selectedOptions[0].textContent;
      if (named) label += ` (${named})`;
    }
    add(anchors, text, label, `#at-${place.value}`);
    const dropped = drawn && !box ? picker.querySelector(".part-drawing").dataset.dropped : "";
    close();
    const button = anchors.querySelector(".anchor-add");
    say(dropped.replace("%s", boxPage), button);
    return button.focus();
  };

  form.addEventListener("focusin", (event) => {
    const indicator = event.target.closest(".indicator");
    if (!indicator) return;
    current = indicator.querySelector(".anchors");
    form.querySelector(".indicator.is-current")?.classList.remove("is-current");
    indicator.classList.add("is-current");
  });

  form.addEventListener("keydown", (event) => {
    const picker = event.target.closest(".picker");
    if (event.key !== "Enter" || !picker || event.target.matches("button")) return;
    event.preventDefault();
    picker.querySelector(".picker-add").click();
  });

  form.addEventListener("click", (event) => {
    const anchors = event.target.closest(".anchors");
    if (!anchors) return;
    if (event.target.matches(".anchor-add")) {
      event.preventDefault();
      open(anchors);
    } else if (event.target.matches(".picker-add")) {
      event.preventDefault();
      chosen(anchors);
    } else if (event.target.matches(".anchor-drop")) {
      event.preventDefault();
      event.target.closest("li").remove();
      told(anchors);
      form.dispatchEvent(new Event("scores:counted"));
      anchors.querySelector(".anchor-add")?.focus();
    }
  });

  // Beside each place of the declaration a button that names it for the indicator at hand.
  for (const place of side.querySelectorAll("[id^='at-']")) {
    const text = place.id.slice(3);
    if (!options.has(text)) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-link cite";
    button.textContent = form.dataset.cite;
    button.setAttribute("aria-label", form.dataset.citing.replace("%s", () => labelOf(text)));
    button.addEventListener("click", () => {
      const anchors = current;
      say(anchors ? "" : form.dataset.first, button);
      if (!anchors) return;
      if (text.startsWith("file:")) {
        open(anchors);
        const select = anchors.querySelector(".picker-place");
        select.value = text;
        select.dispatchEvent(new Event("change", { bubbles: true }));
        anchors.querySelector(".picker-page").focus();
      } else {
        add(anchors, text, labelOf(text), `#${place.id}`);
        say(form.dataset.cited.replace("%s", () => nameOf(anchors)), button);
      }
    });
    (place.querySelector("dt, caption, p") || place).append(" ", button);
  }
})();
