// What a page knows of digests: gives files to a worker, four at a time so that memory stays small.
const WORKER = new URL("./digest-worker.js", import.meta.url), AT_ONCE = 4;

// Gives each item its `sha256`, and `size` as it really is, or `over = "unread"`; `told(n)` says how many are done.
export async function digested(items, told) {
  const worker = new Worker(WORKER, { type: "module" });
  const waiting = new Map();
  worker.onmessage = ({ data }) => waiting.get(data.id)(data);
  worker.onerror = (event) => {
    event.preventDefault(); // what it says could hold what a file says
    for (const [id, done] of waiting) done({ id, failed: true });
  };
  const ask = (id) => new Promise((done) => {
    waiting.set(id, done);
    worker.postMessage({ id, source: items[id].source });
  });
  let next = 0, seen = 0;
  const lane = async () => {
    while (next < items.length) {
      const { id, failed, sha256, size } = await ask((next += 1) - 1);
      waiting.delete(id);
      Object.assign(items[id], failed ? { over: "unread" } : { sha256, size });
      told((seen += 1));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane)).finally(() => worker.terminate());
}
