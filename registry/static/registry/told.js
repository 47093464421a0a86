// What came of the sending is told after the page has loaded again with what was taken. Only numbers, and the server's
// sentences, are kept meanwhile.
import { part, text } from "./parts.js";

const KEPT = "donara-upload";
const WORDS = { present: "duplicate", unpacked: "received", refused: "refused_files", kept: "kept_home" };
const GOOD = ["received", "duplicate"], LEFT = ["skipped", "refused_files", "unread", "failed", "kept_home"];

export function keep(items) {
  const counted = {}, reasons = new Set();
  for (const { over, answers } of items) {
    for (const [outcome, n, sentence] of answers?.length ? answers : [[over, 1]]) {
      const what = WORDS[outcome] || outcome; // of files that are held, the page itself asks
      counted[what] = (counted[what] || 0) + n;
      if (what === "refused_files" && sentence) reasons.add(sentence);
    }
  }
  sessionStorage.setItem(KEPT, JSON.stringify({ counted, reasons: [...reasons] }));
}

// Puts it where the page has a place for it.
export function tell(place) {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  sessionStorage.removeItem(KEPT);
  if (!kept || !place) return;
  const { counted, reasons } = kept;
  const line = (what) => [
    ...(counted[what] ? [part("p", {}, text(`send_${what}`, { n: counted[what] }))] : []),
    ...(what === "refused_files" ? reasons.map((reason) => part("p", {}, reason)) : []),
  ];
  const boxes = [[GOOD, "d-message--good"], [LEFT, ""]].map(([kinds, tone]) => [kinds.flatMap(line), tone]);
  for (const [lines, tone] of boxes) {
    if (lines.length) place.append(part("div", { className: `d-message ${tone}` }, part("div", {}, ...lines)));
  }
}
