// Packs a folder of Python into an archive with its byte code beside it, made by the Python that will run it: Pyodide's.
// Usage: node compile_engine.mjs PYODIDE FOLDER ARCHIVE. Compiling in the browser would cost each donor seconds.
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodide, folder, archive] = process.argv.slice(2).map((each) => resolve(each));
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`).href);
const python = await loadPyodide({ indexURL: `${pyodide}/`, stdout() {} });
python.FS.mkdir("/site");
python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, "/site");
python.runPython(`
import zipfile
from pathlib import Path
from py_compile import PycInvalidationMode, compile

def entry(path):
    # The same archive from the same files, whenever it is made.
    found = zipfile.ZipInfo(path.relative_to("/site").as_posix(), (1980, 1, 1, 0, 0, 0))
    found.compress_type = zipfile.ZIP_DEFLATED
    return found

for path in sorted(Path("/site").rglob("*.py")):
    place = path.relative_to("/site")
    # The engine reads its own sources, for the digest of its rules; pydicom's are many and of no use there.
    alone = str(path.with_suffix(".pyc")) if place.parts[0] == "pydicom" else None
    compile(str(path), alone, "/" + place.as_posix(), True, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
    if alone:
        path.unlink()
with zipfile.ZipFile("/engine.zip", "w") as made:
    for path in sorted(Path("/site").rglob("*")):
        if path.is_file():
            made.writestr(entry(path), path.read_bytes())
`);
writeFileSync(archive, python.FS.readFile("/engine.zip"));
