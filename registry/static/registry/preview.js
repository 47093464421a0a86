// Shows of one file of each series what stays and what goes, from the engine itself, which runs in this browser; and warns
// where a name is not the donor's, by the server's own rule.
import { start } from "./gather.js";
import { details, part, text } from "./parts.js";
import { HEADER, surveyed } from "./survey.js";

// `ready`: the engine once it has started, or null; `cautions`: where to warn, by person; who has another name than the
// donor comes into `found.different`. Where the engine cannot run,
// nothing but the preview is missing.
export function preview(ready, found, cautions) {
  const place = part("div", {});
  const box = details(text("preview"), place);
  found.warned = ready.then((lent) => lent && warn(lent, found, cautions)).catch(() => {});
  box.addEventListener("toggle", () => {
    if (!box.open || place.childNodes.length) return;
    place.append(part("p", { role: "status" }, text("starting")));
    ready.then((lent) => shown(lent, found)).catch(() => [part("p", {}, text("cannot"))])
      .then((parts) => place.replaceChildren(...parts));
  });
  return box;
}

async function warn({ engine, person }, found, cautions) {
  for (const [who, caution] of cautions) {
    const study = found.studies.find((each) => each.person === who);
    const data = await start(found.seen.sources[study.series[0].scans[0]], HEADER);
    const { patient_name: name, birth_date: born } = await engine.ask("whose", { data });
    if ((await engine.ask("compare", { name, born, person })) !== "different") continue;
    caution.textContent = text("different");
    found.different.add(who);
  }
}

async function shown(lent, found) {
  if (!lent) return [part("p", {}, text("cannot"))];
  const sources = found.seen.scans.map(({ at }) => found.seen.sources[at]);
  await surveyed(lent.engine, sources, () => !found.sent); // while files are sent, the engine is theirs
  const parts = [];
  for (const one of found.studies.flatMap((study) => study.series)) {
    const source = found.seen.sources[one.scans[0]];
    if (found.sent) throw new Error("stopped");
    const answer = await lent.engine.ask("preview", { data: await start(source, source.size) });
    const shown = answer.reason ? [part("p", {}, text("held"))] : tables(answer);
    parts.push(details([one.modality, one.part, one.description].filter(Boolean).join(" "), ...shown));
  }
  return parts;
}

function tables({ rows, risk }) {
  const first = ([place]) => (place.startsWith("(0010,") ? 0 : 1); // who somebody is comes before all else
  const changed = rows.filter(([, , before, after]) => before !== after).sort((a, b) => first(a) - first(b));
  const same = rows.filter(([, , before, after]) => before === after);
  const warning = risk === "clear" ? [] : [part("p", {}, text("at_risk"))];
  return [...warning, table(changed), details(text("stays"), table(same))];
}

function table(rows) {
  const cell = (name, value, missing) => {
    const shown = value === null || value === undefined ? text(missing) : value || text("empty");
    const column = part("span", { className: "d-table__column", "aria-hidden": "true" }, text(name));
    return part("td", {}, column, part("div", {}, shown));
  };
  const head = ["what", "yours", "theirs"].map((name) => part("th", { scope: "col" }, text(name)));
  const body = rows.map(([, name, before, after]) =>
    part("tr", {}, cell("what", name), cell("yours", before, "empty"), cell("theirs", after, "gone")));
  const caption = part("caption", { className: "nhsuk-u-visually-hidden" }, text("preview"));
  return part("table", { className: "d-table d-table--stack" }, caption, part("thead", {}, part("tr", {}, ...head)),
    part("tbody", {}, ...body));
}
