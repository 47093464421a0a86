// Takes names out of files here, with the engine, batch after batch: only one batch is held at a time.
import { all as allOf } from "./gather.js";
import { surveyed, within } from "./survey.js";

const MOST_FILES = 100, MOST_BYTES = 64 << 20, LARGEST = 128 << 20;

// Batches of items with their cleaned bytes as `blob`; those that cannot be cleaned here, or whose pictures may show a
// name, are `over = "kept"`. `all`: the sources of everything that is the donor's, which are read first; `told(sentence, n, of)`
// says how far it is; `numbers(asks)`: what the server lends for values that only the programme's key may code.
export async function* cleaned(lent, items, all, told, numbers) {
  await lent.engine.ask("subject", { ...lent.subject, shared: true });
  await surveyed(lent.engine, all, () => true, (n) => told("send_surveyed", n, all.length));
  let batch = [], bytes = 0, hasBegun = false;
  for (const [number, item] of items.entries()) {
    if (!hasBegun) told("send_cleaning", number + 1, items.length); // later on, the sending is told of
    await clean(lent, item, numbers);
    batch.push(item);
    bytes += item.blob ? item.blob.size : 0;
    if (batch.length < MOST_FILES && bytes < MOST_BYTES) continue;
    hasBegun = true;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length) yield batch;
}

async function clean(lent, item, numbers) {
  const keep = () => Object.assign(item, { over: "kept", share: 1 });
  if (lent.ended || item.source.size > LARGEST) return keep();
  const data = await allOf(item.source).catch(() => null);
  if (!data) return Object.assign(item, { over: "unread", share: 1 });
  let made = await answered(lent, data);
  while (made.asks) {
    const lending = await numbers(made.asks);
    await lent.engine.ask("lend", { answers: made.asks.map((asked, at) => [...asked, lending[at]]) });
    made = await answered(lent, data);
  }
  lent.ended = made.late;
  if (!made.data || made.risk !== "clear") return keep();
  const blob = new Blob([made.data]);
  return Object.assign(item, { blob, sha256: made.sha256, bytes: blob.size, coded: true });
}

const answered = ({ engine }, data) =>
  within(engine.ask("clean", { data })).catch(({ message }) => ({ late: message === "late" }));
