// Whether single keys decide: for whoever speaks to their computer, or whose hand slips, they can be turned off (WCAG 2.1.4).
"use strict";

window.curationKeys = (() => {
  const NAME = "curation-keys";
  const box = document.querySelector("[data-keys]");
  const isOn = () => { try { return localStorage.getItem(NAME) !== "off"; } catch { return true; } };
  if (box) {
    box.checked = isOn();
    box.addEventListener("change", () => { try { localStorage.setItem(NAME, box.checked ? "on" : "off"); } catch { box.checked = true; } });
  }
  return { isOn };
})();
