// On the page where images are added: looks through what was chosen, asks whose it is, and lets series be left out.
// Nothing is sent before the button is pressed, and then only what was said yes to. Without it the plain form stays.
import { dropped, whole } from "./gather.js";
import { part, radios, ticks, text } from "./parts.js";
import { preview } from "./preview.js";
import { examinations, scan } from "./scan.js";

const form = document.querySelector("form[data-upload]");
const inputs = form ? [...form.querySelectorAll("input[type=file]")] : [];
const place = part("div", { className: "d-found" });
const status = part("p", { role: "status" });
let found = null, turn = 0, sending = false, files = [];

if (form && typeof Worker === "function" && typeof DataTransfer === "function") {
  form.querySelector("button").before(part("p", { className: "nhsuk-hint" }, text("drop")), status, place);
  for (const input of inputs) input.addEventListener("change", () => look(inputs.flatMap((each) => [...each.files])));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    look(await dropped(event.dataTransfer.items));
  });
  window.addEventListener("submit", send, true); // before whatever sends files
}

async function look(chosen) {
  const mine = (turn += 1);
  files = chosen;
  found = null;
  place.replaceChildren();
  if (!files.length) return;
  const told = (seen, all) => {
    if (mine === turn) status.textContent = text("looking", { n: seen, all });
  };
  told(0, files.length);
  const seen = await scan(files, told).catch(() => null);
  if (mine !== turn) return;
  status.textContent = "";
  if (seen) show(seen);
}

function show(seen) {
  const studies = examinations(seen.scans);
  const people = [...new Set(studies.map((study) => study.person))];
  found = { seen, studies, answers: new Map(), left: new Set() };
  const pictures = studies.flatMap((study) => study.series).reduce((sum, series) => sum + series.pictures, 0);
  const left = Object.values(seen.left).reduce((sum, number) => sum + number, 0);
  place.append(part("h2", {}, text("title")));
  const say = (name, given) => place.append(part("p", {}, text(name, given)));
  say(studies.length ? "found" : "nothing", { exams: studies.length, pictures });
  if (left) say("left", { n: left });
  if (seen.unread) say("unread", { n: seen.unread });
  if (seen.closed) say("closed", { n: seen.closed });
  if (people.length > 1) say("several", { n: people.length });
  const cautions = new Map(people.map((person) => [person, question(person)]));
  if (studies.length) place.append(series(), preview(form, found, cautions), part("p", {}, text("way")));
}

// Whose images these are: asked of each name that stands on them, and never guessed.
function question(person) {
  const { name, born } = found.studies.find((study) => study.person === person).series[0];
  const shown = name.split("=")[0].split("^").filter(Boolean).reverse().join(" ");
  const asked = !shown ? "nameless" : born ? "named_born" : "named";
  const caution = part("p", { className: "nhsuk-hint", role: "status" });
  const answer = (value) => found.answers.set(person, value === "mine");
  place.append(radios(text(asked, { name: shown, born: day(born) }), ["mine", "not_mine"], answer, caution));
  return caution;
}

function series() {
  const all = found.studies.flatMap((study) => study.series.map((one) => ({ ...one, date: study.date })));
  const label = (one) => {
    const kind = text.words.kinds[one.modality] || one.modality;
    const named = [one.part.toLocaleLowerCase(), one.description && `“${one.description}”`].filter(Boolean).join(" ");
    return text("one_series", { kind, part: named, date: day(one.date), n: one.pictures }).replace(" ,", ",");
  };
  return ticks(text("series"), all.map(label), (number, on) => {
    for (const at of all[number].scans) found.left[on ? "delete" : "add"](at);
  });
}

const day = (value) => {
  const [, year, month, date] = /^(\d{4})\.?(\d\d)\.?(\d\d)$/.exec(value) || [];
  if (!year) return text("no_date");
  const form = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Date(Date.UTC(year, month - 1, date)).toLocaleDateString(document.documentElement.lang, form);
};

// What goes: the scans of those who were said to be the donor, without the series that were left out, and ZIPs that could
// not be opened here.
function sources() {
  const own = found.studies.filter((study) => found.answers.get(study.person));
  const scans = own.flatMap((study) => study.series.flatMap((one) => one.scans)).filter((at) => !found.left.has(at));
  const closed = found.seen.sources.filter((source) => source.closed);
  return [...scans.map((at) => found.seen.sources[at]), ...closed];
}

async function send(event) {
  if (event.target !== form || sending || !found || !found.studies.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (found.studies.some((study) => !found.answers.has(study.person))) {
    status.textContent = text("answer");
    place.querySelector("input[type=radio]").focus();
    return;
  }
  const chosen = sources();
  if (!chosen.length) {
    status.textContent = text("none_left");
    return;
  }
  status.textContent = "";
  const given = new DataTransfer();
  for (const source of chosen) given.items.add(await whole(source));
  for (const input of inputs) input.value = "";
  inputs.find((input) => !input.webkitdirectory).files = given.files;
  await new Promise((done) => setTimeout(done)); // while a form is being submitted it cannot be submitted again
  sending = true;
  form.requestSubmit();
  sending = false;
}
