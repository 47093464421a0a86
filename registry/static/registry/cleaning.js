// Takes names out of files here, with the engine, batch after batch: only one batch is held at a time.
import { start } from "./gather.js";
import { surveyed, within } from "./survey.js";

const MOST_FILES = 100, MOST_BYTES = 64 << 20, LARGEST = 128 << 20;

// Batches of items with their cleaned bytes as `blob`; those that cannot be cleaned here, or whose pictures may show a
// name, are `over = "kept"`. `all`: the sources of everything that is the donor's, which are read first.
export async function* cleaned(lent, items, all, told) {
  await lent.engine.ask("subject", lent.subject);
  await surveyed(lent.engine, all, () => true, told);
  let batch = [], bytes = 0;
  for (const item of items) {
    await clean(lent, item);
    batch.push(item);
    bytes += item.blob ? item.blob.size : 0;
    if (batch.length < MOST_FILES && bytes < MOST_BYTES) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length) yield batch;
}

async function clean(lent, item) {
  const keep = () => Object.assign(item, { over: "kept", share: 1 });
  if (lent.ended || item.source.size > LARGEST) return keep();
  const data = await start(item.source, item.source.size).catch(() => null);
  if (!data) return Object.assign(item, { over: "unread", share: 1 });
  const made = await within(lent.engine.ask("clean", { data })).catch(({ message }) => ({ late: message === "late" }));
  lent.ended = made.late;
  if (!made.data || made.risk !== "clear") return keep();
  const blob = new Blob([made.data]);
  return Object.assign(item, { blob, sha256: made.sha256, bytes: blob.size, coded: true });
}
