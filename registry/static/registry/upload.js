// The whole way of what was chosen: cleaned here where that is possible, sent, asked about where it is not, and told of.
import { cleaned } from "./cleaning.js";
import { Line } from "./line.js";
import { Progress } from "./progress.js";
import { Sender } from "./sending.js";
import { keep } from "./told.js";
import { began, ended } from "./unfinished.js";

// `chosen`: `names` of the series; `items` with their `source`, `size` and number of `series`; `all` sources of the donor's;
// `closed`, the items that can only go as they are; `lent`, the engine, or null; `way`, what is said of it.
export async function upload(form, chosen) {
  const show = new Progress(form, chosen.names, chosen.way);
  const leaving = (event) => event.preventDefault();
  window.addEventListener("beforeunload", leaving);
  const items = [...chosen.items, ...chosen.closed];
  try {
    await alone(form, show, async () => {
      await import(form.dataset.tus);
      const line = new Line(form, window.tus);
      line.again = () => show.say("send_again");
      const numbers = (asks) => line.numbers(form.dataset.engineNumbers, asks);
      if (chosen.lent) began(form, items.length);
      await sent(new Sender(line, show), show, { ...chosen, numbers }, items);
    });
  } catch {
    return show.failed(); // nothing of it is said: it could quote a file
  } finally {
    window.removeEventListener("beforeunload", leaving);
  }
  ended(form);
  keep(items);
  return window.location.reload();
}

async function sent(sender, show, { lent, all, items: scans, closed, numbers }, items) {
  if (!lent) {
    show.begin(items);
    return sender.deliver(items);
  }
  for (const item of closed) Object.assign(item, { over: "kept", share: 1 });
  show.begin(items);
  const told = (sentence, n, of) => show.say(sentence, { n, all: of });
  const lend = (asks) => sender.patiently(() => numbers(asks));
  await inTurn(cleaned(lent, scans, all, told, lend), (batch) => sender.deliver(batch));
  const kept = items.filter((item) => item.over === "kept");
  if (!kept.length || !(await show.agreed(kept.length))) return undefined;
  for (const item of kept) Object.assign(item, { over: "", share: 0 });
  show.begin(kept);
  return sender.deliver(kept);
}

// The next batch is made while one is sent.
async function inTurn(batches, deliver) {
  let next = batches.next();
  for (;;) {
    const { done, value } = await next;
    if (done) return;
    next = batches.next();
    next.catch(() => {}); // it is awaited above
    await deliver(value);
  }
}

// Of two windows with one donation, one sends; the other goes on when that has finished, and finds what is there.
async function alone(form, show, work) {
  if (!navigator.locks) return work();
  const name = `donara ${form.dataset.manifest}`;
  const isMine = await navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? work().then(() => true) : false));
  if (isMine) return undefined;
  show.say("send_elsewhere");
  return navigator.locks.request(name, work);
}
