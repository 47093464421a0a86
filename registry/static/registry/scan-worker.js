// Looks through chosen files beside the page: which are scans, of whom, and in which series. Nothing is sent or kept,
// and nothing is written to the console. Posts {seen} on the way and {found} at the end.
import { firstBytes, start, unzipped } from "./gather.js";
import { Deflated, More, readDataset, readHeader } from "./header.js";
import { HEAD_BYTES, kindOf } from "./kinds.js";

const FIRST = 64 << 10, STEPS = [FIRST, 1 << 20, 16 << 20], AT_ONCE = 8, TOLD_EVERY = 50, DEEPEST = 1;

self.onmessage = async ({ data: { files } }) => {
  try {
    self.postMessage({ found: await scan(files) });
  } catch {
    self.postMessage({ failed: true });
  }
};

async function scan(files) {
  const found = { sources: [], scans: [], left: {}, unread: 0, closed: 0 };
  const sources = [];
  for (const blob of files) await add({ blob, packed: false, size: blob.size }, sources, found, 0);
  let next = 0, seen = 0;
  const one = async () => {
    while (next < sources.length) {
      const source = sources[(next += 1) - 1];
      const at = found.sources.push(source) - 1;
      await look(source, at, found);
      if ((seen += 1) % TOLD_EVERY === 0) self.postMessage({ seen, all: sources.length });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  found.scans.sort((a, b) => a.at - b.at);
  return found;
}

// Takes a file, or what lies in it where it is a ZIP. One that cannot be opened here is sent as it is.
async function add(source, sources, found, depth) {
  const head = source.blob.size < 4 ? new Uint8Array() : await start(source, 4);
  if (kindOf(head) !== "zip" || source.packed) {
    sources.push(source);
    return;
  }
  const inside = await unzipped(source.blob).catch(() => null);
  if (inside === null || depth > DEEPEST) {
    found.closed += 1;
    sources.push({ ...source, closed: true });
    return;
  }
  for (const member of inside) await add(member, sources, found, depth + 1);
}

async function look(source, at, found) {
  if (source.closed) return;
  try {
    const bytes = await start(source, FIRST);
    const kind = kindOf(bytes.subarray(0, HEAD_BYTES));
    if (kind !== "dicom") found.left[kind] = (found.left[kind] || 0) + 1;
    else found.scans.push({ at, ...(await header(source, bytes)) });
  } catch {
    found.unread += 1;
  }
}

async function header(source, bytes) {
  for (const most of STEPS) {
    const part = most === FIRST ? bytes : await start(source, most);
    try {
      return readHeader(part, part.length >= source.size);
    } catch (error) {
      if (error instanceof Deflated) return inflated(source, error.at);
      if (!(error instanceof More)) throw error;
    }
  }
  throw new More();
}

async function inflated(source, at) {
  const stream = source.packed ? (await start(source, source.size)).subarray(at) : source.blob.slice(at);
  const part = await firstBytes(new Blob([stream]).stream(), STEPS[1]);
  return readDataset(part, 0, "", part.length < STEPS[1]);
}
