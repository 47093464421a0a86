// Lists what a donor chose or dropped: files, whole folders, and what lies in ZIPs. Names of files are never looked at.
import { crc32 } from "./crc32.js";

const END = 0x06054b50, ENTRY = 0x02014b50, LOCAL = 0x04034b50, TAIL = 65557, MOST_ENTRIES = 200_000;
const UNKNOWN_HERE = 0xffffffff; // sizes that only the 64-bit form holds

export class Damaged extends Error {} // what lies in a ZIP is not, or not all of it, what was put there

// Everything in what was dropped. A folder is asked again and again, since browsers hand out a hundred entries at a time.
export async function dropped(items) {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const files = [];
  while (entries.length) {
    const entry = entries.pop();
    if (entry.isFile) files.push(await new Promise((done, broken) => entry.file(done, broken)));
    else entries.push(...(await listed(entry.createReader())));
  }
  return files;
}

export async function listed(reader) {
  const found = [];
  for (;;) {
    const some = await new Promise((done, broken) => reader.readEntries(done, broken));
    if (!some.length) return found;
    found.push(...some);
  }
}

// The files in a ZIP as pieces of it: {blob, packed, size, crc}; null where it cannot be read here (64-bit, encrypted, damaged).
export async function unzipped(zip) {
  const tail = new DataView(await zip.slice(Math.max(0, zip.size - TAIL)).arrayBuffer());
  let at = tail.byteLength - 22;
  while (at >= 0 && tail.getUint32(at, true) !== END) at -= 1;
  if (at < 0) return null;
  const count = tail.getUint16(at + 10, true), size = tail.getUint32(at + 12, true), start = tail.getUint32(at + 16, true);
  if (count === 0xffff || start === UNKNOWN_HERE || count > MOST_ENTRIES || start + size > zip.size) return null;
  return members(zip, new DataView(await zip.slice(start, start + size).arrayBuffer()), count);
}

async function members(zip, list, count) {
  const found = [];
  for (let at = 0, left = count; left; left -= 1) {
    if (at + 46 > list.byteLength || list.getUint32(at, true) !== ENTRY) return null;
    const flags = list.getUint16(at + 8, true), method = list.getUint16(at + 10, true);
    const crc = list.getUint32(at + 16, true), packed = list.getUint32(at + 20, true), size = list.getUint32(at + 24, true);
    const place = list.getUint32(at + 42, true);
    if (flags & 1 || (method !== 0 && method !== 8) || [packed, size, place].includes(UNKNOWN_HERE)) return null;
    at += 46 + list.getUint16(at + 28, true) + list.getUint16(at + 30, true) + list.getUint16(at + 32, true);
    if (!size) continue;
    const local = new DataView(await zip.slice(place, place + 30).arrayBuffer());
    if (local.byteLength < 30 || local.getUint32(0, true) !== LOCAL) return null;
    const begin = place + 30 + local.getUint16(26, true) + local.getUint16(28, true);
    found.push({ blob: zip.slice(begin, begin + (method ? packed : size)), packed: method === 8, size, crc });
  }
  return found;
}

// A look at the first `most` bytes of a file or of a ZIP's member: fewer where the rest is damaged, and nothing is compared.
export async function start(source, most) {
  if (!source.packed) return new Uint8Array(await source.blob.slice(0, most).arrayBuffer());
  return firstBytes(source.blob.stream(), most);
}

// The first `most` bytes that a deflated stream unpacks to, and no more of it: for a look, since it may end early.
export async function firstBytes(stream, most) {
  const reader = stream.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const pieces = [];
  let size = 0;
  try {
    while (size < most) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      size += value.length;
    }
  } catch (error) {
    if (!size) throw error; // bytes behind the end of what was deflated, as DICOM pads it, are no fault
  } finally {
    reader.cancel().catch(() => {});
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all.subarray(0, most);
}

// All of it, piece by piece, as it is read and unpacked. An error at the end where it is not as long as it says, or not what
// was put in its ZIP.
export async function* pieces(source) {
  const stream = source.packed ? source.blob.stream().pipeThrough(new DecompressionStream("deflate-raw")) : source.blob.stream();
  const reader = stream.getReader();
  let left = source.size, crc = 0;
  try {
    while (left > 0) {
      const { done, value } = await reader.read();
      if (done) throw new Damaged();
      const piece = value.subarray(0, left);
      if (source.crc !== undefined) crc = crc32(piece, crc);
      left -= piece.length;
      yield piece;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
  if (source.crc !== undefined && crc !== source.crc) throw new Damaged();
}

// All of it at once, or an error.
export async function all(source) {
  const bytes = new Uint8Array(source.size);
  let at = 0;
  for await (const piece of pieces(source)) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

// The whole of it, for sending: without a name, since names of files hold names of people. What lies in a ZIP as it is was
// compared before, where its digest was taken or, without digests, where it was looked at.
export async function whole(source) {
  return new File(source.packed ? await unpacked(source) : [source.blob], "file");
}

async function unpacked(source) {
  const parts = [];
  for await (const piece of pieces(source)) parts.push(piece);
  return parts;
}
