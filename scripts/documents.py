"""Writes the documents that are made from the code: `python -m scripts.documents`; with `--check`, compares them.

To add one: a function that returns its text, and a line in DOCUMENTS.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import django

from curation.deid.conformance import conformance
from curation.deid.document import document
from curation.pixels.document import document as pixel_document
from scripts import licences
from scripts.lock_file import ROOT
from scripts.pixel_document import pixels


def openapi() -> str:
    """The API as OpenAPI 3.1, checked against the standard's own schema."""
    from drf_spectacular.generators import SchemaGenerator
    from drf_spectacular.renderers import OpenApiYamlRenderer
    from drf_spectacular.validation import validate_schema

    schema = SchemaGenerator().get_schema(request=None, public=True)
    validate_schema(schema)
    return bytes(OpenApiYamlRenderer().render(schema, renderer_context={})).decode()


def state_diagram(model: Any) -> Iterator[str]:
    """One model's states as a Mermaid diagram, from the table that `core.lifecycle.move` reads."""
    yield f"## {str(model._meta.verbose_name).capitalize()}"
    yield f"\n`{model._meta.label}`\n\n```mermaid\nstateDiagram-v2"
    first = model._meta.get_field("state").default
    if isinstance(first, str):
        yield f"    [*] --> {first}"
    for source, targets in model.TRANSITIONS.items():
        yield from (f"    {source} --> {target}" for target in sorted(targets))
        if not targets:
            yield f"    {source} --> [*]"
    yield "```\n"


def states() -> str:
    """Every model that has states, in the order of the apps."""
    from django.apps import apps

    models = [each for each in apps.get_models() if hasattr(each, "TRANSITIONS")]
    lines = [
        "# States",
        "",
        "What may follow what. Each picture is made from the table that the code itself obeys.",
        "",
    ]
    for model in models:
        lines += state_diagram(model)
    return "\n".join(lines)


DOCUMENTS: dict[str, Callable[[], str]] = {
    "docs/reference/deid-conformance.md": conformance,
    "docs/reference/deidentification.md": document,
    "docs/reference/licences.md": licences.document,
    "docs/reference/openapi.yaml": openapi,
    "docs/reference/pixel-transfer-syntaxes.md": pixel_document,
    "docs/reference/pixels.md": pixels,
    "docs/reference/states.md": states,
}


def main(check: bool) -> None:
    """Writes every document, or ends the program with the names of those that are not current."""
    stale = []
    for name, make in DOCUMENTS.items():
        path, text = ROOT / name, make()
        if check and not (path.is_file() and path.read_text() == text):
            stale.append(name)
        elif not check:
            path.write_text(text)
    if stale:
        sys.exit(f"Not current: {', '.join(stale)}. Run: make docs")


if __name__ == "__main__":
    django.setup()
    main(check="--check" in sys.argv[1:])
