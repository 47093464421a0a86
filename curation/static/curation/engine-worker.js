// The de-identification engine beside a page: Python under WebAssembly in a worker, from files of this server alone.
// The page asks with {id, deed, …} and is answered {id, value} or {id, failed: true}: what went wrong is never said,
// since it could quote a file. The worker writes nothing to console, storage or network.
"use strict";

let python = null;
let session = null;

const plain = (found) => {
  const value = found.toJs ? found.toJs({ dict_converter: Object.fromEntries, create_pyproxies: false }) : found;
  if (found.destroy) found.destroy();
  return value;
};

// Asks with a file as Python's bytes, which are let go at once: a folder of scans would fill the memory.
const withBytes = (data, ask) => {
  const view = python.toPy(data);
  const bytes = view.tobytes();
  try {
    return plain(ask(bytes));
  } finally {
    for (const each of [bytes, view]) if (each.destroy) each.destroy();
  }
};

const deeds = {
  // Starts the engine from `place`, the address of its files, which ends in a slash.
  async start({ place }) {
    const { loadPyodide } = await import(`${place}pyodide.mjs`);
    const silent = () => {};
    const packed = fetch(`${place}engine.zip`);
    python = await loadPyodide({ indexURL: place, stdout: silent, stderr: silent, checkAPIVersion: false });
    const answer = await packed;
    if (!answer.ok) throw new Error("missing");
    python.unpackArchive(await answer.arrayBuffer(), "zip", { extractDir: "/engine" });
    python.runPython("import sys; sys.path.insert(0, '/engine'); import donara_deid.browser, registry.rules.identity");
    return true;
  },

  // Begins with one donor's files: their own key in hex, and who they are. `shared`: `clean` asks for numbers that the
  // programme's key makes, and what was lent is handed in with `lend`.
  subject({ key, person, shared = false }) {
    if (session) session.destroy();
    const bytes = Uint8Array.from(key.match(/../g), (pair) => parseInt(pair, 16));
    const { Session } = python.pyimport("donara_deid.browser");
    const families = python.toPy([person.family, ...person.previous]);
    session = Session.callKwargs(bytes, person.given, families, person.born.replaceAll("-", ""), { shared });
    return true;
  },

  // Whether a name and birth date as files have them are the donor's: by the server's own rule.
  compare({ name, born, person }) {
    python.globals.set("asked", python.toPy([name, born, person.given, person.family, person.previous, person.born]));
    return python.runPython(`
from datetime import date
from registry.rules.identity import Person, compare
compare(asked[0], asked[1], Person(asked[2], asked[3], tuple(asked[4]), date.fromisoformat(asked[5]))).value
`);
  },

  // Takes in numbers: [kind, message, number], all as the engine and the server wrote them.
  lend({ answers }) {
    session.lend(python.toPy(answers));
    return true;
  },

  survey: ({ data, whole }) => withBytes(data, (bytes) => session.survey(bytes, whole)),
  whose: ({ data }) => withBytes(data, session.whose),
  preview: ({ data }) => withBytes(data, session.preview),
  clean: ({ data }) => withBytes(data, session.clean),
};

self.onmessage = async ({ data: { id, deed, ...given } }) => {
  try {
    self.postMessage({ id, value: await deeds[deed](given) });
  } catch {
    self.postMessage({ id, failed: true });
  }
};
