// Tells by its first bytes what a file is, as registry/rules/sniff.py does: a test holds the two against each other.
export const HEAD_BYTES = 1024;
export const CLUTTER = new Set(["dicomdir", "program", "picture", "document", "text"]);

const DICOMDIR = "1.2.840.10008.1.3.10";
const VRS = new Set(["UL", "UI", "CS", "OB", "SH", "LO", "DA", "TM", "ST", "AE", "DT", "SQ", "PN"]);
const SIGNATURES = [
  ["PK\x03\x04", "zip"],
  ["PK\x05\x06", "zip"],
  ["MZ", "program"],
  ["\x7fELF", "program"],
  ["\xca\xfe\xba\xbe", "program"],
  ["\xcf\xfa\xed\xfe", "program"],
  ["\xce\xfa\xed\xfe", "program"],
  ["MSCF", "program"],
  ["ITSF", "document"],
  ["SQLite format 3\0", "document"],
  ["\x00\x05\x16\x07", "document"],
  ["\x00\x00\x00\x01Bud1", "document"],
  ["\xff\xd8\xff", "picture"],
  ["\x89PNG", "picture"],
  ["GIF8", "picture"],
  ["BM", "picture"],
  ["II*\x00", "picture"],
  ["\x00\x00\x01\x00", "picture"],
  ["%PDF", "document"],
  ["{\\rtf", "document"],
  ["\xd0\xcf\x11\xe0", "document"],
  ["Rar!", "archive"],
  ["7z\xbc\xaf", "archive"],
  ["\x1f\x8b", "archive"],
  ["BZh", "archive"],
  ["\xfd7zXZ", "archive"],
];

// Bytes as text, one letter a byte.
export const letters = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
};

// `head`: the first HEAD_BYTES of a file, or all of it where it is shorter.
export function kindOf(head) {
  if (!head.some((byte) => byte)) return head.length ? "unknown" : "empty";
  const text = letters(head);
  if (text.slice(128, 132) === "DICM" || isBare(head)) return text.includes(DICOMDIR) ? "dicomdir" : "dicom";
  for (const [signature, kind] of SIGNATURES) if (text.startsWith(signature)) return kind;
  if (text.slice(257, 262) === "ustar") return "archive";
  return isText(head) ? "text" : "unknown";
}

// A data set without preamble, as old systems write it: known by a plausible first element.
function isBare(head) {
  if (head.length < 8) return false;
  const view = new DataView(head.buffer, head.byteOffset, 8);
  const vr = letters(head.subarray(4, 6));
  return [true, false].some((little) => {
    const group = view.getUint16(0, little), element = view.getUint16(2, little), length = view.getUint32(4, little);
    if ((group !== 2 && group !== 8) || element > 0x0100) return false;
    return VRS.has(vr) || (little && length % 2 === 0 && length <= 1 << 16);
  });
}

function isText(head) {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return true;
  return !head.some((byte) => byte < 9 || (byte > 13 && byte < 32));
}
