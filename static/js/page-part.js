/* A part of a page is drawn on its picture: with a pointer, or with the arrow keys. The choice of
   a place as evidence (scoring-evidence.js) reads it from the picker's "box". Without this file
   the list of parts is there. */

(() => {
  "use strict";

  const WHOLE = 1000; // a page is counted in thousandths
  const STEP = 20;
  const LEAST = 10; // smaller is a slip of the hand
  const FIRST = { left: 250, top: 400, width: 500, height: 200 }; // what the first key draws
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  const within = (value, least, most) => Math.min(Math.max(value, least), most);
  const fraction = (value) => (value / WHOLE).toFixed(3);
  const percent = (value) => Math.floor(value / 10);

  // One that the portal laid out itself has nothing to draw on.
  const pickerOf = (element) => element.closest(".picker:has(.part-drawing)");

  const words = (part, pattern) => {
    const numbers = {
      left: part.left, right: part.left + part.width, top: part.top, bottom: part.top + part.height,
    };
    return pattern.replace(/\{(\w+)\}/g, (_all, name) => percent(numbers[name]));
  };

  const show = (picker, part) => {
    const rect = picker.querySelector(".part-mark rect");
    for (const [name, value] of Object.entries({ x: "left", y: "top", width: "width", height: "height" })) {
      rect.setAttribute(name, part ? part[value] : 0);
    }
    picker.drawn = part;
    picker.dataset.box = part ? [part.left, part.top, part.width, part.height].map(fraction).join(",") : "";
    picker.dataset.boxPage = part ? picker.page : "";
    picker.dataset.boxWords = part ? words(part, picker.querySelector(".part-drawing").dataset.words) : "";
    picker.querySelector(".part-said").textContent = picker.dataset.boxWords;
    picker.querySelector(".part-clear").classList.toggle("is-away", !part);
    if (part) picker.querySelector(".picker-part").value = "";
  };

  // The picture --------------------------------------------------------------------------

  const say = (picker, words) => {
    picker.querySelector(".part-said").textContent = words;
  };

  // The room of the picture is the same for every page and stays while the next one comes:
  // nothing moves under a button that is being pressed.
  const load = (picker) => {
    const drawing = picker.querySelector(".part-drawing");
    const place = picker.querySelector(".picker-place").value;
    const page = picker.querySelector(".picker-page").value.trim();
    const frame = picker.querySelector(".part-frame");
    const isFile = place.startsWith("file:");
    const left = picker.drawn ? picker.page : "";
    drawing.hidden = !isFile;
    frame.hidden = !isFile || !picker.isDrawing;
    frame.classList.add("is-empty");
    Object.assign(picker, { page, place });
    show(picker, null);
    if (left) say(picker, drawing.dataset.dropped.replace("%s", left));
    if (!picker.isDrawing || !isFile || !/^[1-9]\d{0,4}$/.test(page)) return;
    const picture = frame.querySelector("img");
    picture.onload = () => {
      frame.classList.remove("is-empty");
      if (picker.isPressed) frame.querySelector("svg").focus({ preventScroll: true });
      picker.isPressed = false;
    };
    picture.onerror = () => failed(picker, page);
    const [before, after] = drawing.dataset.pages.split(drawing.dataset.file);
    picture.src = before + place.slice(5) + after.replace("/1.png", `/${page}.png`);
  };

  // After a press the fields say why; else it is said where it pushes nothing.
  const failed = async (picker, page) => {
    const { none } = picker.querySelector(".part-drawing").dataset;
    if (picker.isPressed) {
      picker.isPressed = false;
      if (await window.evidenceChecked(picker)) say(picker, none);
      else close(picker);
      return;
    }
    const refused = await window.evidenceRefused(picker);
    if (picker.page === page) say(picker, refused.page || none);
  };

  const close = (picker) => {
    picker.isDrawing = false;
    picker.querySelector(".part-frame").hidden = true;
  };

  const draw = async (picker) => {
    const page = picker.querySelector(".picker-page");
    if (!page.value.trim()) return page.focus();
    const frame = picker.querySelector(".part-frame");
    const isThere = picker.isDrawing && picker.page === page.value.trim() && !frame.matches(".is-empty");
    if (!isThere) {
      Object.assign(picker, { isDrawing: true, isPressed: true });
      load(picker);
      if (!/^[1-9]\d{0,4}$/.test(picker.page)) return failed(picker, picker.page);
    }
    // The whole picture in sight: the line with the total lies over the end of the window.
    frame.scrollIntoView({ block: "center", behavior: "instant" });
    return isThere && frame.querySelector("svg").focus({ preventScroll: true });
  };

  document.addEventListener("click", (event) => {
    const picker = pickerOf(event.target);
    if (!picker) return;
    if (event.target.matches(".part-draw")) {
      event.preventDefault();
      draw(picker);
    } else if (event.target.matches(".part-clear")) {
      event.preventDefault();
      show(picker, null);
      picker.querySelector(".part-mark").focus();
    }
  });

  document.addEventListener("change", (event) => {
    const picker = pickerOf(event.target);
    if (!picker) return;
    const isOther = picker.page !== picker.querySelector(".picker-page").value.trim();
    if (event.target.matches(".picker-place") || (event.target.matches(".picker-page") && isOther)) load(picker);
    if (event.target.matches(".picker-part") && event.target.value) show(picker, null);
  });

  // Pointer ------------------------------------------------------------------------------

  const at = (svg, event) => {
    const box = svg.getBoundingClientRect();
    return {
      x: within(Math.round(((event.clientX - box.left) / box.width) * WHOLE), 0, WHOLE),
      y: within(Math.round(((event.clientY - box.top) / box.height) * WHOLE), 0, WHOLE),
    };
  };

  const between = (one, other) => ({
    left: Math.min(one.x, other.x),
    top: Math.min(one.y, other.y),
    width: Math.abs(one.x - other.x),
    height: Math.abs(one.y - other.y),
  });

  document.addEventListener("pointerdown", (event) => {
    const svg = event.target.closest(".picker .part-mark");
    if (!svg || event.button !== 0) return;
    event.preventDefault();
    svg.focus();
    svg.setPointerCapture(event.pointerId);
    const picker = svg.closest(".picker");
    const begun = at(svg, event);
    const move = (moved) => {
      const part = between(begun, at(svg, moved));
      if (part.width >= LEAST && part.height >= LEAST) show(picker, part);
    };
    svg.addEventListener("pointermove", move);
    for (const end of ["pointerup", "pointercancel"]) {
      svg.addEventListener(end, () => svg.removeEventListener("pointermove", move), { once: true });
    }
  });

  // Keys ---------------------------------------------------------------------------------

  document.addEventListener("keydown", (event) => {
    const svg = event.target.closest?.(".picker .part-mark");
    const way = ARROWS[event.key];
    if (!svg || !way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const picker = svg.closest(".picker");
    const part = { ...(picker.drawn || FIRST) };
    const [across, down] = way.map((one) => one * STEP);
    if (picker.drawn && event.shiftKey) {
      part.width = within(part.width + across, LEAST, WHOLE - part.left);
      part.height = within(part.height + down, LEAST, WHOLE - part.top);
    } else if (picker.drawn) {
      part.left = within(part.left + across, 0, WHOLE - part.width);
      part.top = within(part.top + down, 0, WHOLE - part.height);
    }
    show(picker, part);
  });
})();
