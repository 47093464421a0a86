"""Finds the real DICOM files that pydicom and pydicom-data carry on this machine; nothing is ever downloaded."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

# pydicom.data's own finder would fetch what is missing; these folders are only read.
_FOLDERS = {"pydicom": ("data/test_files", "data/charset_files"), "data_store": ("data",)}


@cache
def folders() -> tuple[Path, ...]:
    """The folders of both packages, those that are installed.

    Raises:
        FileNotFoundError: one of the two packages is not installed.
    """
    found = []
    for package, inside in _FOLDERS.items():
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise FileNotFoundError("The story needs pydicom and pydicom-data: install the demo requirements.")
        found += [Path(spec.submodule_search_locations[0]) / folder for folder in inside]
    return tuple(found)


def carried(name: str) -> Path:
    """The path of one carried file, by its name or its path below a package's folder.

    Raises:
        FileNotFoundError: no installed package carries it.
    """
    for folder in folders():
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(f"Neither pydicom nor pydicom-data carries {name}: install the demo requirements.")
