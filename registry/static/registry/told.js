// What came of the sending is told after the page has loaded again with what was taken. Only numbers are kept meanwhile.
import { part, text } from "./parts.js";

const KEPT = "donara-upload";
const WORDS = { present: "duplicate", unpacked: "received", refused: "refused_files", kept: "kept_home" };
const GOOD = ["received", "duplicate"], LEFT = ["skipped", "refused_files", "unread", "failed", "kept_home"];

export function keep(items) {
  const counted = {};
  for (const { over } of items) {
    const what = WORDS[over] || over; // of files that are held, the page itself asks
    counted[what] = (counted[what] || 0) + 1;
  }
  sessionStorage.setItem(KEPT, JSON.stringify(counted));
}

// Puts it where the page has a place for it.
export function tell(place) {
  const counted = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  sessionStorage.removeItem(KEPT);
  if (!counted || !place) return;
  const line = (what) => (counted[what] ? [part("p", {}, text(`send_${what}`, { n: counted[what] }))] : []);
  const boxes = [[GOOD, "d-message--good"], [LEFT, ""]].map(([kinds, tone]) => [kinds.flatMap(line), tone]);
  for (const [lines, tone] of boxes) {
    if (lines.length) place.append(part("div", { className: `d-message ${tone}` }, part("div", {}, ...lines)));
  }
}
