// Frames the planted writing on its picture, which the page also says in words.
"use strict";

(() => {
  const picture = document.querySelector("[data-planted]"), marks = document.querySelector("[data-box]");
  const frame = () => {
    const [left, top, width, height] = marks.dataset.box.split(",").map(Number);
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const part = (value, whole) => `${(100 * value) / whole}%`;
    const { naturalWidth: across, naturalHeight: down } = picture;
    const values = { class: "c-open", x: part(left - 3, across), y: part(top - 3, down), width: part(width + 6, across), height: part(height + 6, down) };
    for (const [key, value] of Object.entries(values)) rect.setAttribute(key, value);
    marks.append(rect);
  };
  if (picture.complete && picture.naturalWidth) frame();
  else picture.addEventListener("load", frame);
})();
