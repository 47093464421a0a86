// Draws regions on the large picture, with a pointer or the keyboard; they are listed in the form as pixels of the image.
"use strict";

window.curationDrawing = (current, say, put) => {
  const frame = document.querySelector(".c-picture--after .c-frame");
  const marks = document.querySelector("[data-marks]");
  const list = document.querySelector("[data-drawn]");
  const send = document.querySelector("[data-send]");
  const stage = document.getElementById("stage");
  const SCOPES = ["image", "frame", "all"];
  let scope = "image", box = null, place = null, start = null;

  const make = (name, values, parent) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
    parent.append(made);
    return made;
  };
  // A place: [frame, left, top, width, height, scale]; a box: pixels of the image, in one place.
  const placeAt = (x, y) => current().places.find(([, l, t, w, h]) => x >= l && x < l + w && y >= t && y < t + h);
  const clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(high, low));
  const inside = ({ left, top, width, height }) => {
    const { columns, rows } = current();
    const w = clamp(Math.round(width), 1, columns), h = clamp(Math.round(height), 1, rows);
    return { left: clamp(Math.round(left), 0, columns - w), top: clamp(Math.round(top), 0, rows - h), width: w, height: h };
  };
  const attributes = (region, [, l, t, , , scale]) => {
    const { width, height } = current();
    return {
      x: `${(100 * (l + region.left * scale)) / width}%`, y: `${(100 * (t + region.top * scale)) / height}%`,
      width: `${(100 * region.width * scale) / width}%`, height: `${(100 * region.height * scale) / height}%`,
    };
  };

  function paint() {
    marks.querySelectorAll(".c-new, .c-kept").forEach((old) => old.remove());
    for (const { value, checked } of list.querySelectorAll("input")) {
      const [image, at, left, top, width, height] = value.split(",");
      if (!checked || (image !== "*" && image !== current().id)) continue;
      const region = { left: +left, top: +top, width: +width, height: +height };
      for (const here of current().places) {
        if (at === "*" || +at === here[0]) make("rect", { class: "c-kept", ...attributes(region, here) }, marks);
      }
    }
    if (box) make("rect", { class: "c-new", ...attributes(box, place) }, marks);
    send.classList.toggle("c-none", !list.querySelector("input:checked"));
  }

  function begin() {
    [place] = current().places;
    if (!place) return say(put("no_place"));
    const { columns, rows } = current();
    stage.classList.add("is-drawing");
    box = inside({ left: columns * 0.05, top: rows * 0.03, width: columns * 0.3, height: Math.max(rows * 0.06, 4) });
    paint();
    say(put(`drawing_${scope}`));
    stage.scrollIntoView({ block: "nearest" });
  }

  function end() {
    stage.classList.remove("is-drawing");
    box = start = null;
    paint();
  }

  function keep() {
    const { id, number, frames } = current();
    const image = scope === "all" ? "*" : id, at = scope === "frame" ? place[0] : "*";
    const item = document.createElement("li"), label = document.createElement("label"), tick = document.createElement("input");
    Object.assign(tick, { type: "checkbox", name: "region", checked: true });
    tick.value = [image, at, box.left, box.top, box.width, box.height].join(",");
    const which = scope === "all" ? "every" : scope === "frame" && frames > 1 ? "image_frame" : "image";
    const region = put(which, { ...box, number, frame: at + 1 });
    label.append(tick, ` ${region}`);
    item.append(label);
    list.append(item);
    end();
    say(put("kept", { region }));
  }

  function key(event) {
    if (!box) return false;
    const { columns, rows } = current(), across = Math.max(Math.round(columns / 100), 1), down = Math.max(Math.round(rows / 100), 1);
    const step = { ArrowLeft: [-across, 0], ArrowRight: [across, 0], ArrowUp: [0, -down], ArrowDown: [0, down] }[event.key];
    if (step && event.shiftKey) box = inside({ ...box, width: box.width + step[0], height: box.height + step[1] });
    else if (step) box = inside({ ...box, left: box.left + step[0], top: box.top + step[1] });
    else if (event.key === "Enter") { keep(); return true; }
    else if (event.key === "Escape") { end(); say(put("left")); return true; }
    else if (event.key.toLowerCase() === "s") { scope = SCOPES[(SCOPES.indexOf(scope) + 1) % 3]; say(put(`in_${scope}`)); }
    else return false;
    paint();
    return true;
  }

  const point = (event) => {
    const { left, top, width, height } = frame.getBoundingClientRect();
    return [((event.clientX - left) / width) * current().width, ((event.clientY - top) / height) * current().height];
  };
  const drag = (event) => {
    const [x, y] = point(event), [, l, t, , , scale] = place;
    const [a, b] = [(start[0] - l) / scale, (start[1] - t) / scale], [c, d] = [(x - l) / scale, (y - t) / scale];
    const { columns, rows } = current();
    const edges = [clamp(Math.min(a, c), 0, columns - 1), clamp(Math.min(b, d), 0, rows - 1), clamp(Math.max(a, c), 1, columns), clamp(Math.max(b, d), 1, rows)];
    box = inside({ left: edges[0], top: edges[1], width: edges[2] - edges[0], height: edges[3] - edges[1] });
    paint();
  };
  frame.addEventListener("pointerdown", (event) => {
    if (!stage.classList.contains("is-drawing")) return;
    const found = placeAt(...point(event));
    if (!found) return;
    event.preventDefault();
    [place, start] = [found, point(event)];
    frame.setPointerCapture(event.pointerId);
  });
  frame.addEventListener("pointermove", (event) => { if (start) drag(event); });
  frame.addEventListener("pointerup", (event) => {
    if (!start) return;
    drag(event);
    start = null;
    keep();
  });
  frame.addEventListener("dragstart", (event) => event.preventDefault());
  list.addEventListener("change", paint);
  return { begin, end, key, paint, isOn: () => box !== null };
};
