// Takes the SHA-256 of files beside the page. Nothing is kept or sent. Posts {id, sha256, size}, or {id, failed: true}
// where a file cannot be read, or is damaged in its ZIP.
import { all, pieces } from "./gather.js";
import { Sha256 } from "./sha256.js";

const AT_ONCE = 16 << 20; // what is larger is read piece by piece

self.onmessage = async ({ data: { id, source } }) => {
  try {
    self.postMessage({ id, ...(await (source.size > AT_ONCE ? long(source) : short(source))) });
  } catch {
    self.postMessage({ id, failed: true });
  }
};

async function short(source) {
  const bytes = await all(source);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { sha256: [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join(""), size: bytes.length };
}

async function long(source) {
  const digest = new Sha256();
  for await (const piece of pieces(source)) digest.add(piece);
  return { size: digest.size, sha256: digest.hex() };
}
