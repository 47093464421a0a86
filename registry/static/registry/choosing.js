// On the page where images are added: looks through what was chosen, asks whose it is, and lets series be left out.
// Nothing is sent before the button is pressed, and then only what was said yes to. Without it the plain form stays.
import { dropped } from "./gather.js";
import { goes, plainly, seriesOf } from "./going.js";
import { lent } from "./lending.js";
import { part, radios, ticks, text } from "./parts.js";
import { preview } from "./preview.js";
import { examinations, scan } from "./scan.js";
import { tell } from "./told.js";
import { remind } from "./unfinished.js";
import { upload } from "./upload.js";

const form = document.querySelector("form[data-upload]");
const inputs = form ? [...form.querySelectorAll("input[type=file]")] : [];
const place = part("div", { className: "d-found" });
const status = part("p", { role: "status" });
const mayClean = form?.dataset.coded !== undefined; // whether the server takes files that were cleaned here
let found = null, turn = 0, looking = false, busy = false, isPlain = false, files = [], engine = null;

if (form && typeof Worker === "function" && typeof DataTransfer === "function") {
  form.querySelector("button").before(part("p", { className: "nhsuk-hint" }, text("drop")), place, status);
  for (const input of inputs) input.addEventListener("change", () => look(inputs.flatMap((each) => [...each.files])));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    if (!form.hidden) look(await dropped(event.dataTransfer.items));
  });
  form.addEventListener("submit", send);
  tell(document.querySelector("[data-told]"));
  remind(form, document.querySelector("[data-told]"));
}

async function look(chosen) {
  const mine = (turn += 1);
  files = chosen;
  found = null;
  place.replaceChildren();
  looking = files.length > 0;
  if (!looking) return;
  const told = (seen, all) => {
    if (mine === turn) status.textContent = text("looking", { n: seen, all });
  };
  told(0, files.length);
  const seen = await scan(files, told).catch(() => null);
  if (mine !== turn) return;
  looking = false;
  status.textContent = "";
  if (seen) show(seen);
}

function show(seen) {
  const studies = examinations(seen.scans);
  const people = [...new Set(studies.map((study) => study.person))];
  found = { seen, studies, answers: new Map(), left: new Set(), different: new Set() };
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
  if (studies.length) {
    engine ??= lent(form);
    place.append(series(), preview(engine, found, cautions), way());
  } else if (seen.closed) say(mayClean ? "way_raw" : "way");
}

// Which of the two happens: names are taken out here, or files go as they are.
function way() {
  const said = part("p", { className: "nhsuk-inset-text", role: "status" }, text(mayClean ? "way_starting" : "way"));
  const mine = found;
  if (mayClean) {
    engine.then((ready) => {
      said.textContent = text(ready ? "way_coded" : "way_raw");
      mine.said = true;
    });
  }
  return said;
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

function label(one) {
  const kind = text.words.kinds[one.modality] || one.modality;
  const named = [one.part.toLocaleLowerCase(), one.description && `“${one.description}”`].filter(Boolean).join(" ");
  return text("one_series", { kind, part: named, date: day(one.date), n: one.pictures }).replace(" ,", ",");
}

function series() {
  const listed = seriesOf(found);
  return ticks(text("series"), listed.map(label), (number, on) => {
    for (const at of listed[number].scans) found.left[on ? "delete" : "add"](at);
  });
}

const day = (value) => {
  const [, year, month, date] = /^(\d{4})\.?(\d\d)\.?(\d\d)$/.exec(value) || [];
  if (!year) return text("no_date");
  const form = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Date(Date.UTC(year, month - 1, date)).toLocaleDateString(document.documentElement.lang, form);
};

async function send(event) {
  if (isPlain || !files.length) return; // the server says what to do
  event.preventDefault();
  if (looking || busy) return;
  busy = true;
  await asked().finally(() => { busy = false; });
}

async function asked() {
  if (found?.studies.some((study) => !found.answers.has(study.person))) {
    status.textContent = text("answer");
    place.querySelector("input[type=radio]").focus();
    return undefined;
  }
  const going = await goes(files, found, label, mayClean), mine = turn;
  if (!going.items.length && !going.closed.length) {
    status.textContent = text("none_left");
    return undefined;
  }
  if (!found || !crypto.subtle) {
    await plainly(inputs, going);
    isPlain = true;
    await new Promise((done) => setTimeout(done)); // while a form is being submitted it cannot be submitted again
    return form.requestSubmit();
  }
  const ready = await readied(going);
  if (mine !== turn || !(await sure(ready))) return undefined;
  found.sent = true;
  return upload(form, { ...going, lent: ready, way: text(ready ? "send_coded" : "send_raw") });
}

// The engine, where it is to clean what goes.
async function readied({ items }) {
  if (!mayClean || !items.length) return null;
  status.textContent = text("starting");
  found.unsaid = !found.said;
  const ready = await engine;
  status.textContent = "";
  return ready;
}

// Whether the donor knew, when they pressed the button, what they said yes to. What is cleaned here carries no name for the
// server to compare with the donor's, so the page asks itself; and where it cannot be cleaned, the page has to have said so.
async function sure(ready) {
  await found.warned;
  const doubtful = ready ? [...found.different].some((person) => found.answers.get(person)) : found.unsaid;
  if (!doubtful || found.sure) return true;
  found.sure = true;
  status.textContent = text(ready ? "sure" : "sure_raw");
  return false;
}
