// A series by keyboard: pictures with the arrows, A accepts, R rejects, D draws, N goes on; the page works without it.
"use strict";

(() => {
  const data = document.getElementById("stages");
  if (!data) return;
  const stages = JSON.parse(data.textContent);
  const texts = JSON.parse(document.getElementById("looking-words").textContent);
  const put = (name, given = {}) => texts[name].replace(/\{(\w+)\}/g, (_, key) => given[key] ?? "");
  const one = (selector) => document.querySelector(selector);
  const said = one("[data-said]");
  const say = (text) => { said.textContent = text; };
  const links = [...document.querySelectorAll("[data-image]")];
  let at = 0;
  const current = () => stages[at];
  const drawing = stages.length ? window.curationDrawing(current, say, put) : null;

  function picture() {
    const now = current();
    one("[data-where]").textContent = now.where;
    const after = one("[data-after]");
    after.src = now.src;
    after.alt = now.after_alt;
    if (now.width) {
      [after.width, after.height] = [now.width, now.height];
      document.querySelectorAll(".c-frame").forEach((frame) => frame.style.setProperty("--ratio", now.width / now.height));
    }
    one("[data-whole]").href = now.src;
    one(".c-pair").classList.toggle("c-pair--both", Boolean(now.before));
    one(".c-views").hidden = one(".c-picture--before").hidden = !now.before;
    if (now.before) one("[data-before]").src = now.before;
    one("[data-before]").alt = now.before_alt;
    one("#id_image").value = now.id;
    marks(now);
    found(now);
    links.forEach((link) => link.toggleAttribute("aria-current", link.dataset.image === now.id));
    const link = links.find((each) => each.dataset.image === now.id);
    if (link) link.setAttribute("aria-current", "true");
    drawing.paint();
    ahead(at + 1);
    ahead(at + 2);
  }

  function marks(now) {
    const svg = one("[data-marks]");
    svg.replaceChildren();
    const add = (name, values, text) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
      if (text) made.textContent = text;
      svg.append(made);
    };
    for (const mark of now.marks) {
      const [x, y] = [`${mark.left}%`, `${mark.top}%`];
      add("rect", { class: mark.blanked ? "c-blanked" : "c-open", x, y, width: `${mark.width}%`, height: `${mark.height}%` });
      if (!mark.blanked) add("text", { x, y, dx: 2, dy: -3 }, mark.number);
    }
  }

  function found(now) {
    one("[data-found]").hidden = !now.marks.length && !now.found.length;
    one("[data-list]").replaceChildren(...now.found.map((words) => {
      const item = document.createElement("li");
      item.textContent = words;
      return item;
    }));
  }

  function ahead(place) {
    if (stages[place]) new Image().src = stages[place].src;
  }

  function go(by) {
    if (!stages.length) return;
    at = Math.min(Math.max(at + by, 0), stages.length - 1);
    drawing.end();
    picture();
    say(current().short);
  }

  function submit(form) {
    if (form) form.requestSubmit(form.querySelector("button[value=send]") || form.querySelector("button.nhsuk-button"));
  }

  const reasons = one("[data-reasons]");
  const help = one("[data-help]");
  const deeds = {
    a: () => submit(one("[data-form=a]")),
    r: () => { reasons.open = true; reasons.querySelector("button").focus(); say(put("press")); },
    d: () => drawing && drawing.begin(),
    b: () => { if (one("[data-drawn] input:checked")) submit(one("[data-form=d]")); },
    n: () => { const next = one("[data-next]"); if (next) next.click(); },
    "?": () => { help.open = !help.open; help.querySelector("summary").focus(); },
    ArrowLeft: () => go(-1),
    ArrowRight: () => go(1),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const typing = event.target.closest("input:not([type=radio]):not([type=checkbox]), select, textarea");
    if (typing) return;
    if (drawing && drawing.isOn()) {
      if (drawing.key(event)) event.preventDefault();
      return;
    }
    if (!window.curationKeys.isOn() && !event.key.startsWith("Arrow")) return;
    if (event.repeat && !event.key.startsWith("Arrow")) return; // a key held down decides nothing twice
    if (event.target.closest("input[type=radio]") && event.key.startsWith("Arrow")) return;
    if (reasons && reasons.open) {
      const reason = reasons.querySelector(`[data-digit="${event.key}"]`);
      if (reason) { event.preventDefault(); reason.click(); return; }
      if (event.key === "Escape") { reasons.open = false; return; }
    }
    const deed = deeds[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
  document.querySelectorAll("button[data-key]").forEach((button) => button.addEventListener("click", () => deeds[button.dataset.key]()));
  links.forEach((link) => link.addEventListener("click", (event) => {
    const place = stages.findIndex((each) => each.id === link.dataset.image);
    if (place < 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(place - at);
    one("#stage").scrollIntoView({ block: "nearest" });
  }));
  document.querySelectorAll("[data-scripted], [data-help], [data-moves]").forEach((each) => { each.hidden = false; });
  if (stages.length) {
    const first = one("#id_image").value;
    at = Math.max(stages.findIndex((each) => each.id === first), 0);
    picture();
  }
})();
