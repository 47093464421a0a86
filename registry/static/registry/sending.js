// Sends files: promises them, then sends what is missing of them, four at a time; where it cannot go on it waits, and then goes on.
import { Unread } from "./checked.js";
import { digested } from "./digest.js";
import { whole } from "./gather.js";
import { Anew, NotTaken, Stop } from "./line.js";

const LANES = 4, IN_ONE_MANIFEST = 2000, ROUNDS = 3, ALIVE = 5 * 60_000;

export class Sender {
  // `show`: the progress that is told; an item has `source` or `blob`, `size`, `series`, and at the end `over`: what became of it.
  constructor(line, show) {
    Object.assign(this, { line, show, turn: 0 });
  }

  // Ends when each of the items is over, however often that takes.
  async deliver(items) {
    const open = () => items.filter((item) => !item.over);
    const alive = setInterval(() => this.keepAlive(open()), ALIVE);
    try {
      while (open().length) await this.patiently(() => this.once(open()));
    } finally {
      clearInterval(alive);
    }
  }

  // Does something with the server; where it cannot go on, that is said, and it is done again once it may.
  async patiently(work) {
    for (;;) {
      try {
        return await work();
      } catch (stop) {
        if (!(stop instanceof Stop)) throw stop;
        await this.show.stopped(stop, this.line);
      }
    }
  }

  async once(items) {
    const unknown = items.filter((item) => !item.sha256);
    if (unknown.length) await digested(unknown, (n) => this.show.say("send_reading", { n, all: unknown.length }));
    const missing = await this.promised(items.filter((item) => !item.over));
    this.show.sending();
    const { turn } = this;
    let next = 0;
    const lane = async () => {
      while (next < missing.length && turn === this.turn) await this.one(missing[(next += 1) - 1], turn);
    };
    try {
      await Promise.all(Array.from({ length: LANES }, lane));
    } catch (error) {
      this.turn += 1;
      this.line.stop();
      throw error;
    }
  }

  // Those of which bytes are missing; of the same content twice, one is sent.
  async promised(items) {
    const once = [...new Map(items.map((item) => [item.sha256, item])).values()], missing = [];
    const kept = new Set(once);
    for (const item of items) if (!kept.has(item)) this.end(item, "present");
    for (let at = 0; at < once.length; at += IN_ONE_MANIFEST) {
      const some = once.slice(at, at + IN_ONE_MANIFEST);
      for (const { index, standing, upload, offset } of await this.line.manifest(some.map(entry))) {
        if (standing === "missing") missing.push(Object.assign(some[index], { upload, offset }));
        else this.end(some[index], standing);
      }
    }
    return missing;
  }

  async one(item, turn) {
    const blob = item.blob || (await whole(item.source).catch(() => null));
    if (turn !== this.turn) return;
    if (!blob) return void this.end(item, "unread");
    const moved = (bytes) => {
      item.share = bytes / blob.size;
      this.show.moved();
    };
    try {
      const { outcome, answers } = await this.line.send({ ...item, blob }, moved);
      this.end(item, outcome || "received", answers);
    } catch (error) {
      if (error instanceof Anew) this.anew(item);
      else if (error instanceof Unread || error instanceof NotTaken) this.end(item, error instanceof Unread ? "unread" : "refused");
      else throw error;
    }
  }

  // Its next round begins with its digest: it may have been changed meanwhile.
  anew(item) {
    Object.assign(item, { rounds: (item.rounds || 0) + 1, share: 0 });
    if (!item.blob) item.sha256 = "";
    if (item.rounds === ROUNDS) this.end(item, "failed");
  }

  // `answers`: outcome, number and sentence of what became of it, of a ZIP's files one by one.
  end(item, what, answers = []) {
    Object.assign(item, { over: what, answers, share: 1, blob: null });
    this.show.moved();
  }

  // So that nobody is signed out while a large file is sent, and no promise ends.
  keepAlive(items) {
    const item = items.find(({ over, sha256 }) => !over && sha256);
    if (item) this.line.manifest([entry(item, 0)]).catch(() => {});
  }
}

function entry(item, index) {
  const { sha256, series, coded, study } = item;
  const told = { index, size: coded ? item.bytes : item.size, sha256, series };
  return coded ? { ...told, coded, ...(study && { study }) } : told;
}
