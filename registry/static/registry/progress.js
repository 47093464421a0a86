// Shows how the sending goes, in place of the form: one bar, how long it takes, each series, and what to do where it stops.
import { Pace, roughly } from "./pace.js";
import { part, text, ticks } from "./parts.js";

// Where the server says why it cannot, that is said: of a line that broke it says nothing.
const SAID = { refused: "send_why", gone: "send_away" };
const EVERY = 250, A_MINUTE = 60_000;

export class Progress {
  // `names`: of the series, in their order.
  constructor(form, names, way) {
    Object.assign(this, { form, names, rows: new Map(), items: [], told: 0, soon: 0 });
    this.bar = part("progress", { max: 100, value: 0, "aria-label": text("send_label") });
    this.count = part("span");
    this.time = part("p", { className: "nhsuk-hint" });
    this.heard = part("p", { role: "status", className: "nhsuk-u-visually-hidden" });
    this.halted = part("div", { role: "alert" });
    this.list = part("ul", { className: "nhsuk-task-list" });
    const head = part("p", {}, part("strong", {}, text("send_label")), " ", this.count);
    this.bars = part("div", { className: "d-progress" }, head, this.bar);
    this.title = part("h2", { tabIndex: -1 }, text("send_title"));
    this.place = part("section", {}, this.title, part("p", {}, way), this.bars, this.time, this.heard, this.halted, this.list);
    form.after(this.place);
    form.hidden = true;
    this.title.focus();
  }

  begin(items) {
    Object.assign(this, { items, told: 0, pace: new Pace() });
    this.list.replaceChildren();
    this.rows.clear();
    for (const series of new Set(items.map((item) => item.series))) {
      const status = part("div", { className: "nhsuk-task-list__status" });
      const name = part("div", { className: "nhsuk-task-list__name-and-hint" }, part("div", {}, this.names[series]));
      this.list.append(part("li", { className: "nhsuk-task-list__item" }, name, status));
      this.rows.set(series, { status, items: items.filter((item) => item.series === series) });
    }
    this.draw();
  }

  // What is done besides sending, such as taking names out.
  say(name, given = {}) {
    this.time.textContent = text(name, given);
  }

  // From now on bytes travel: how long they take is counted from here.
  sending() {
    this.pace = new Pace();
    this.say("send_open");
  }

  // How far it is was changed: it is drawn now and then.
  moved() {
    this.soon ||= setTimeout(() => this.draw(), EVERY);
  }

  draw() {
    clearTimeout(this.soon);
    this.soon = 0;
    const now = performance.now();
    const all = sum(this.items, (item) => item.size), done = sum(this.items, (item) => item.size * (item.share || 0));
    this.bar.value = all ? (100 * done) / all : 0;
    this.count.textContent = text("send_count", { n: arrived(this.items), all: this.items.length });
    for (const { status, items } of this.rows.values()) row(status, items);
    const left = this.pace.left(done, all, now);
    if (left !== null && !this.halted.firstChild) this.say(...roughly(left));
    this.announce(Math.floor(this.bar.value / 10));
  }

  announce(tenth) {
    if (tenth <= this.told) return;
    this.told = tenth;
    this.heard.textContent = [text("send_tenth", { n: tenth * 10 }), this.time.textContent].join(" ");
  }

  // Says why it does not go on, and waits until it may; several that have to wait do so together.
  stopped(stop, line) {
    this.waiting ??= this.waits(stop, line).finally(() => { this.waiting = null; });
    return this.waiting;
  }

  async waits({ kind, sentence }, line) {
    for (;;) {
      const numbers = { n: arrived(this.items), all: this.items.length };
      const said = sentence && SAID[kind] ? text(SAID[kind], { ...numbers, why: sentence }) : text(`send_${kind}`, numbers);
      this.time.textContent = "";
      const way = kind === "signed_out" ? signIn(this.form.dataset.signIn) : null;
      await this.pressed(said, kind, way);
      if (kind !== "signed_out" || (await line.renewed())) return;
    }
  }

  failed() {
    this.time.textContent = "";
    this.halted.replaceChildren(part("div", { className: "d-message d-message--bad" }, part("p", {}, text("send_lost"))));
  }

  pressed(said, kind, way) {
    const button = part("button", { type: "button", className: "nhsuk-button" }, text("send_on"));
    const box = part("div", { className: "d-message d-message--bad" }, part("p", {}, said));
    this.halted.replaceChildren(box, ...(way ? [part("p", {}, way)] : []), button);
    const waits = [];
    return new Promise((done) => {
      button.onclick = done;
      if (kind === "gone") window.addEventListener("online", done, { once: true });
      if (kind === "gone" || kind === "pause") waits.push(setTimeout(done, A_MINUTE));
    }).finally(() => {
      waits.forEach(clearTimeout);
      this.halted.replaceChildren();
      this.sending();
      this.title.focus();
    });
  }

  // Of files that could not be cleaned here: whether they go as they are. Nothing is ticked beforehand.
  agreed(number) {
    let on = false;
    const button = part("button", { type: "button", className: "nhsuk-button" }, text("send_on"));
    const box = ticks(text("send_kept", { n: number }), [text("send_agree")], (_, ticked) => { on = ticked; }, false);
    const hint = part("p", {}, text("send_kept_why"));
    this.bars.hidden = this.time.hidden = this.list.hidden = true;
    this.title.textContent = text("send_asked");
    this.halted.replaceChildren(box, hint, button);
    this.title.focus();
    return new Promise((done) => { button.onclick = () => done(on); }).finally(() => {
      this.bars.hidden = this.time.hidden = this.list.hidden = false;
      this.title.textContent = text("send_title");
      this.halted.replaceChildren();
    });
  }
}

const sum = (items, value) => items.reduce((all, item) => all + value(item), 0);
const ARRIVED = new Set(["received", "held", "duplicate", "present", "unpacked"]);
const arrived = (items) => sum(items, (item) => (ARRIVED.has(item.over) ? 1 : 0));

function row(status, items) {
  const n = arrived(items), all = items.length;
  if (n === all) status.replaceChildren(part("strong", { className: "d-tag d-tag--good" }, text("send_done")));
  else status.textContent = text("send_count", { n, all }).replaceAll(" ", "\u00a0");
}

function signIn(address) {
  return part("a", { href: address, target: "_blank" }, text("send_sign_in"));
}
