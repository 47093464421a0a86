// Reads from a DICOM file's first bytes whose it is and which series it belongs to; never its picture (PS3.5 section 7).
import { letters } from "./kinds.js";

const UNDEFINED = 0xffffffff, DEEPEST = 32, NEEDED = 0x0020000d, LAST = 0x00280008;
const LONG = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);
const KNOWN = new Set([...LONG, "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "PN", "SH", "SL",
  "SS", "ST", "TM", "UI", "UL", "US"]);
const DEFLATED = "1.2.840.10008.1.2.1.99", IMPLICIT = "1.2.840.10008.1.2", BIG = "1.2.840.10008.1.2.2";
const WANTED = {
  0x00080005: "charset",
  0x00080016: "kind",
  0x00080018: "instance",
  0x00080020: "date",
  0x00080060: "modality",
  0x0008103e: "description",
  0x00100010: "name",
  0x00100030: "born",
  0x00180015: "part",
  0x0020000d: "study",
  0x0020000e: "series",
  0x00200011: "number",
  0x00280008: "frames",
};
const LABELS = { "ISO_IR 192": "utf-8", "ISO_IR 101": "iso-8859-2", "ISO_IR 144": "iso-8859-5", "ISO_IR 126": "iso-8859-7",
  "ISO_IR 13": "shift_jis", "ISO_IR 166": "windows-874", GB18030: "gb18030", GBK: "gbk" };

export class More extends Error {} // the header goes on behind the bytes that are there
export class Deflated extends Error {} // what follows `at` has to be unpacked first
export class Malformed extends Error {}

// The wanted values as text, empty where absent. `bytes`: the file, or its beginning if not `whole`.
export function readHeader(bytes, whole) {
  const { at, syntax } = meta(bytes);
  if (syntax === DEFLATED) throw Object.assign(new Deflated(), { at });
  return readDataset(bytes, at, syntax, whole);
}

// The same of a data set that begins at `at`.
export function readDataset(bytes, at, syntax, whole) {
  const little = syntax ? syntax !== BIG : !(bytes[at] === 0 && bytes[at + 1] !== 0);
  const explicit = KNOWN.has(letters(bytes.subarray(at + 4, at + 6)));
  const reader = new Reader(bytes, little, explicit || (!little && syntax !== IMPLICIT), whole);
  const found = {};
  const passed = reader.root(at, found);
  if (passed <= NEEDED) throw new Malformed(); // the file ends too early, as for the server
  return texts(found);
}

function meta(bytes) {
  let at = letters(bytes.subarray(128, 132)) === "DICM" ? 132 : letters(bytes.subarray(0, 4)) === "DICM" ? 4 : 0;
  let syntax = "";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  while (at + 8 <= bytes.length && bytes[at] === 2 && bytes[at + 1] === 0) {
    const vr = letters(bytes.subarray(at + 4, at + 6));
    const [start, length] = !KNOWN.has(vr) ? [at + 8, view.getUint32(at + 4, true)]
      : LONG.has(vr) ? [at + 12, at + 12 <= bytes.length ? view.getUint32(at + 8, true) : UNDEFINED]
      : [at + 8, view.getUint16(at + 6, true)];
    if (start + length > bytes.length) throw new More();
    if (view.getUint16(at + 2, true) === 0x0010) syntax = trimmed(letters(bytes.subarray(start, start + length)));
    at = start + length;
  }
  return { at, syntax };
}

class Reader {
  constructor(bytes, little, explicit, whole) {
    Object.assign(this, { bytes, little, explicit, whole });
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  need(end) {
    if (end > this.bytes.length) throw this.whole ? new Malformed() : new More();
  }

  // Where the element at `at` has its value, how long that is, its tag and VR.
  head(at) {
    this.need(at + 8);
    const tag = this.view.getUint16(at, this.little) * 0x10000 + this.view.getUint16(at + 2, this.little);
    if (!this.explicit || tag >= 0xfffe0000) return { tag, vr: "", start: at + 8, length: this.view.getUint32(at + 4, this.little) };
    const vr = letters(this.bytes.subarray(at + 4, at + 6));
    if (!KNOWN.has(vr)) throw new Malformed();
    if (!LONG.has(vr)) return { tag, vr, start: at + 8, length: this.view.getUint16(at + 6, this.little) };
    this.need(at + 12);
    return { tag, vr, start: at + 12, length: this.view.getUint32(at + 8, this.little) };
  }

  // The wanted values of the root, into `found`; answers the last tag that was met. What is damaged behind those that
  // are needed is the server's to judge.
  root(at, found) {
    let last = 0;
    try {
      while (last <= LAST && (at < this.bytes.length || !this.whole)) {
        const { tag, vr, start, length } = this.head(at);
        last = tag;
        if (length !== UNDEFINED && tag in WANTED && !(WANTED[tag] in found)) {
          this.need(start + length);
          found[WANTED[tag]] = this.bytes.subarray(start, start + length);
        }
        if (last <= LAST) at = this.after(start, length, vr, 0);
      }
    } catch (error) {
      if (!(error instanceof Malformed) || last <= NEEDED) throw error;
    }
    return last;
  }

  after(start, length, vr, depth) {
    return length === UNDEFINED ? this.items(start, depth + 1, vr === "UN") : start + length;
  }

  // Passes over an item without a length; answers where it ends.
  item(at, depth) {
    for (;;) {
      const { tag, vr, start, length } = this.head(at);
      if (tag === 0xfffee00d) return start;
      at = this.after(start, length, vr, depth);
    }
  }

  // Passes over the items of a sequence without a length; those of an unknown VR are written implicitly (section 6.2.2).
  items(at, depth, implicit) {
    if (depth > DEEPEST) throw new Malformed();
    const outer = this.explicit;
    this.explicit = outer && !implicit;
    for (;;) {
      const { tag, start, length } = this.head(at);
      if (tag === 0xfffee0dd) {
        this.explicit = outer;
        return start;
      }
      if (tag !== 0xfffee000) throw new Malformed();
      at = length === UNDEFINED ? this.item(start, depth) : start + length;
    }
  }
}

const trimmed = (text) => text.replace(/^[ \0]+|[ \0]+$/g, "");

function texts(found) {
  const told = {};
  const charset = found.charset ? trimmed(letters(found.charset)).split("\\").pop() : "";
  const decoder = new TextDecoder(LABELS[charset] || "windows-1252");
  for (const field of Object.values(WANTED)) {
    const value = found[field];
    told[field] = !value ? "" : trimmed(field === "name" || field === "description" ? decoder.decode(value) : letters(value));
  }
  return told;
}
