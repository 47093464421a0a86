// Looks through chosen files beside the page: which are scans, of whom, and in which series. Nothing is sent or kept,
// and nothing is written to the console. Posts {seen} on the way and {found} at the end.
import { firstBytes, pieces, start, unzipped } from "./gather.js";
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

// Round by round: what lies in the ZIPs of one round is looked at in the next.
async function scan(files) {
  const found = { sources: [], scans: [], left: {}, unread: 0, closed: 0 };
  let round = files.map((blob) => ({ blob, packed: false, size: blob.size, depth: 0 }));
  let seen = 0, all = 0;
  while (round.length) {
    const now = round;
    const inside = [];
    let next = 0;
    all += now.length;
    const one = async () => {
      while (next < now.length) {
        await look(now[(next += 1) - 1], found, inside);
        if ((seen += 1) % TOLD_EVERY === 0) self.postMessage({ seen, all });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    round = inside;
  }
  found.scans.sort((a, b) => a.at - b.at);
  return found;
}

async function look(source, found, inside) {
  const at = found.sources.push(source) - 1;
  try {
    const bytes = await start(source, FIRST);
    const kind = kindOf(bytes.subarray(0, HEAD_BYTES));
    if (kind === "zip") await open(source, found, inside);
    else if (kind !== "dicom") found.left[kind] = (found.left[kind] || 0) + 1;
    else found.scans.push({ at, ...(await scanned(source, bytes)) });
  } catch {
    found.unread += 1;
  }
}

async function scanned(source, bytes) {
  const told = await header(source, bytes);
  await compared(source);
  return told;
}

// Where the page can take no digests (an address without https), nobody reads what lies in a ZIP whole before it goes.
async function compared(source) {
  if (crypto.subtle || source.crc === undefined) return;
  for await (const piece of pieces(source)) void piece; // an error where it is damaged
}

// What lies in a ZIP joins the next round. One that cannot be opened here is sent as it is.
async function open(source, found, inside) {
  const deep = source.packed || source.depth > DEEPEST;
  const members = deep ? null : await unzipped(source.blob).catch(() => null);
  if (!members) {
    await compared(source);
    source.closed = true;
    found.closed += 1;
  }
  for (const member of members || []) inside.push({ ...member, depth: source.depth + 1 });
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
