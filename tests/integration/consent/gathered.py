"""Every text that whoever gathers texts for translation finds in our sources, as `makemessages` would."""

import ast
import gettext
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import allauth
import django
from django.conf import settings
from django.utils.translation.template import templatize

from portal.management.commands.makemessages import SAID_BY

APPS = ("core", "consent", "registry", "curation", "training_jobs", "portal")
#: Functions that take a text to be translated -> at which places.
MARKS = {"_": (0,), "gettext": (0,), "gettext_lazy": (0,), "gettext_noop": (0,)}
MARKS |= {"ngettext": (0, 1), "ngettext_lazy": (0, 1)} | {name: (place - 1,) for name, place in SAID_BY.items()}
#: What `templatize` makes of a template's texts.
TEXT = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
IN_TEMPLATE = re.compile(rf"(?:_|gettext)\(u?({TEXT})")
MANY = re.compile(rf"ngettext\(u?({TEXT}), ?u?({TEXT})", re.DOTALL)


@cache
def gathered() -> frozenset[str]:
    """The texts of our sources, and those that the libraries bring."""
    return frozenset({*_ours(), *_theirs()})


def _ours() -> Iterator[str]:
    for app in APPS:
        folder = Path(settings.BASE_DIR) / app
        for path in folder.rglob("*.py"):
            yield from _in_code(ast.parse(path.read_text()))
        for path in folder.rglob("templates/**/*.html"):
            source = templatize(path.read_text())
            yield from (ast.literal_eval(found) for found in IN_TEMPLATE.findall(source))
            yield from (ast.literal_eval(text) for found in MANY.findall(source) for text in found)


def _in_code(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
        for place in MARKS.get(name, ()):
            said = node.args[place] if len(node.args) > place else None
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                yield said.value


def _theirs() -> Iterator[str]:
    """What Django and allauth say by themselves: the left sides of one of their catalogues."""
    for library in (django, allauth):
        for path in Path(str(library.__file__)).parent.rglob("locale/de/LC_MESSAGES/*.mo"):
            with path.open("rb") as file:
                catalogue = gettext.GNUTranslations(file)
            for key in vars(catalogue)["_catalog"]:
                yield (key[0] if isinstance(key, tuple) else key).rpartition("\x04")[2]
