// Looks through chosen files in a worker, which has no network; `told(seen, all)` says how far it is.
const WORKER = new URL("./scan-worker.js", import.meta.url);

// {sources, scans, left, unread, closed}: every file as a source; of each scan what its header says and `at`, its source;
// how many files of other kinds there are; how many scans cannot be read; and how many ZIPs cannot be opened here.
export function scan(files, told) {
  const worker = new Worker(WORKER, { type: "module" });
  return new Promise((done, broken) => {
    worker.onmessage = ({ data }) => {
      if (data.found) done(data.found);
      else if (data.failed) broken(new Error("scan"));
      else told(data.seen, data.all);
    };
    worker.onerror = (event) => {
      event.preventDefault(); // what it says could hold what a file says
      broken(new Error("scan"));
    };
    worker.postMessage({ files });
  }).finally(() => worker.terminate());
}

// The examinations among scans, each with its series; `who` tells people apart as the files name them.
export function examinations(scans) {
  const found = new Map();
  for (const scan of scans) {
    const study = at(found, `${who(scan)} ${scan.study}`, () => ({ person: who(scan), date: scan.date, series: new Map() }));
    const series = at(study.series, scan.series, () => ({ ...scan, scans: [], pictures: 0 }));
    series.scans.push(scan.at);
    series.pictures += Math.max(1, Number.parseInt(scan.frames, 10) || 1);
  }
  return [...found.values()].map((study) => ({ ...study, series: [...study.series.values()] }));
}

// As files name a person: by name and birth date, however they are written.
export const who = ({ name, born }) => `${name.replace(/[\^= ]+$/, "").toLocaleLowerCase("und")}|${born.replace(/[.-]/g, "")}`;

const at = (map, key, make) => {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
};
