// Contact sheets by keyboard: A accepts the series with the frame around it, arrows move it, O opens the series.
"use strict";

(() => {
  const sheets = [...document.querySelectorAll("[data-sheet]")];
  if (!sheets.length) return;
  let at = 0;
  const focus = () => sheets[at].focus({ preventScroll: false });
  const deeds = {
    a: () => sheets[at].querySelector("form").requestSubmit(),
    o: () => sheets[at].querySelector("[data-open]").click(),
    ArrowDown: () => { at = Math.min(at + 1, sheets.length - 1); focus(); },
    ArrowUp: () => { at = Math.max(at - 1, 0); focus(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.target.closest("select, textarea")) return;
    if (!window.curationKeys.isOn() && !event.key.startsWith("Arrow")) return;
    if (event.repeat && !event.key.startsWith("Arrow")) return;
    const deed = deeds[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!deed) return;
    event.preventDefault();
    const within = sheets.findIndex((sheet) => sheet.contains(event.target));
    if (within >= 0) at = within;
    deed();
  });
  document.querySelectorAll("[data-scripted]").forEach((each) => { each.hidden = false; });
  focus();
})();
