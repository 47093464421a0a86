"""The training templates that are shipped: reading them from their folders, and the digest over all their files."""

import json
from pathlib import Path

from core.canonical import digest_of, sha256_hex
from core.texts import gettext_noop as _
from training_jobs.rules.errors import SpecificationError
from training_jobs.rules.templates import INCOMPLETE, Template, parse_template

RECIPES = Path(__file__).parent / "recipes"
PROGRAM = "train.py"
NO_TEMPLATE = _("There is no training template called “{name}”.")


def template_files(folder: Path) -> dict[str, bytes]:
    """The files of a template by name. Templates are flat: a folder inside one is no part of it."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def files_digest(files: dict[str, bytes]) -> str:
    """One SHA-256 in hex over every file's name and digest."""
    return digest_of({name: sha256_hex(data) for name, data in files.items()})


def load_template(folder: Path) -> Template:
    """The template in a folder, with the digest of its files; raises SpecificationError when it is incomplete."""
    files = template_files(folder)
    try:
        return parse_template(json.loads(files["template.json"]), files_digest(files))
    except (KeyError, ValueError) as error:
        raise SpecificationError(INCOMPLETE) from error


def shipped_templates(recipes: Path = RECIPES) -> dict[str, Template]:
    """Every shipped template by name."""
    found = [load_template(folder) for folder in sorted(recipes.iterdir()) if (folder / "template.json").is_file()]
    return {template.name: template for template in found}


def find_template(name: str, recipes: Path = RECIPES) -> Template:
    """The shipped template of that name; raises SpecificationError where there is none."""
    template = shipped_templates(recipes).get(name)
    if template is None:
        raise SpecificationError(NO_TEMPLATE.format(name=name[:40]), fields={"template": _("Unknown template.")})
    return template


def template_folder(name: str, recipes: Path = RECIPES) -> Path:
    """Where the files of a shipped template lie; raises SpecificationError where there is none."""
    find_template(name, recipes)
    return recipes / name
