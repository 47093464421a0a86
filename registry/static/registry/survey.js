// Lets the engine read what all files say of people before it cleans one of them, as the server does.
import { start } from "./gather.js";

export const HEADER = 256 << 10;
const LONGER = 16 << 20, TOO_LONG = 180_000;

// What the engine answers; where it says nothing for minutes, it has ended without a word, as for lack of memory.
export function within(asked) {
  let waits = 0;
  const late = new Promise((_, broken) => { waits = setTimeout(() => broken(new Error("late")), TOO_LONG); });
  return Promise.race([asked, late]).finally(() => clearTimeout(waits));
}

// Lets the engine read all of them; `goesOn()`: false once nobody wants it any more; `told(n)`: how many were read.
export async function surveyed(engine, sources, goesOn = () => true, told = () => {}) {
  for (const [number, source] of sources.entries()) {
    if (!goesOn()) throw new Error("stopped");
    await survey(engine, source).catch(() => {}); // what cannot be read is not cleaned either
    told(number + 1);
  }
}

async function survey(engine, source) {
  for (const most of [HEADER, LONGER]) {
    const data = await start(source, most);
    if (await within(engine.ask("survey", { data, whole: data.length >= source.size }))) return;
  }
}
