// What goes of all that was looked through, as the page's answers say.
import { whole } from "./gather.js";
import { text } from "./parts.js";

// Every series with the date and the person of its examination.
export const seriesOf = ({ studies }) =>
  studies.flatMap(({ series, date, person }) => series.map((one) => ({ ...one, date, person })));

// The scans of those who were said to be the donor, without the series that were left out, and ZIPs that could not be opened
// here; where nothing could be looked through, everything. As upload.js wants it. `mayClean`: the server is told of which
// study a file was, by a digest, since afterwards that cannot be known.
export async function goes(files, found, label, mayClean) {
  if (!found) return { items: files.map((blob) => ({ source: { blob } })), closed: [] };
  const { sources, scans } = found.seen, names = [], items = [];
  const item = (series, study) => (source) => ({ source, series, size: source.size, study });
  const own = seriesOf(found).filter((one) => found.answers.get(one.person));
  for (const one of own) {
    const going = one.scans.filter((at) => !found.left.has(at)).map((at) => sources[at]);
    const study = mayClean && crypto.subtle ? await digest(one.study) : "";
    if (going.length) items.push(...going.map(item(names.push(label(one)) - 1, study)));
  }
  const closed = sources.filter((source) => source.closed).map(item(names.length));
  const mine = new Set(own.flatMap((one) => one.scans));
  const all = scans.filter(({ at }) => mine.has(at)).map(({ at }) => sources[at]);
  return { names: [...names, text("send_packed")], items, closed, all };
}

async function digest(words) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(words)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Puts it into the plain form, where nothing could be looked through or the browser takes no digests (an address without https).
export async function plainly(inputs, { items, closed }) {
  const given = new DataTransfer();
  for (const { source } of [...items, ...closed]) given.items.add(await whole(source));
  for (const input of inputs) input.value = "";
  inputs.find((input) => !input.webkitdirectory).files = given.files;
}
