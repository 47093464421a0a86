"""Every real file that pydicom, pydicom-data and deid-data carry: what the engine meets in the wild."""

import functools
from importlib.util import find_spec
from pathlib import Path

import pydicom

NOT_IMAGES = {".py", ".pyc", ".zip", ".json", ".md", ".txt", ".toml"}


def _folders() -> list[Path]:
    packages = [Path(pydicom.__file__).parent / "data"]
    for name in ("data_store", "deid_data"):
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            packages.append(Path(spec.origin).parent)
    return packages


@functools.cache
def files() -> tuple[Path, ...]:
    """The files in a fixed order; those that are no data of the packages are left out."""
    return tuple(
        path
        for folder in _folders()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in NOT_IMAGES
    )


def short_name(path: Path) -> str:
    """A file's name for test output."""
    return "/".join(path.parts[-2:])
