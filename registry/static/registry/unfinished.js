// Remembers in this browser that files of a donation were being cleaned and sent: how many, and nothing else. What was not
// cleaned yet when the window was closed was not promised, so that the server cannot say that it is missing.
import { part, text } from "./parts.js";

const KEPT = "donara-began ";

export function began(form, all) {
  try {
    localStorage.setItem(KEPT + form.dataset.manifest, String(all));
  } catch { /* a browser that keeps nothing reminds of nothing */ }
}

// How many were begun in this window's donation, or 0; those of other donations are forgotten.
export function ended(form) {
  try {
    const all = Number(localStorage.getItem(KEPT + form.dataset.manifest));
    for (const key of Object.keys(localStorage)) if (key.startsWith(KEPT)) localStorage.removeItem(key);
    return all;
  } catch {
    return 0;
  }
}

// Says it on the page, and asks before the donation is sent off without them.
export function remind(form, place) {
  const all = ended(form);
  if (!all || !place) return;
  began(form, all);
  document.querySelector("[data-not-arrived]")?.remove(); // it counts only what was promised
  const title = part("p", { className: "d-callout__title" }, text("unfinished", { n: all }));
  place.append(part("div", { className: "d-callout" }, title, part("p", {}, text("unfinished_way"))));
  const sending = document.querySelector("form[action$='/send/']");
  sending?.addEventListener("submit", (event) => {
    event.preventDefault();
    sending.before(part("p", { role: "alert" }, text("unfinished_send")));
  }, { once: true });
}
