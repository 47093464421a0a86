"""Every door through which stored bytes can go is known, and the one to clean images asks whether they may leave.

When this fails because of a new door: read the image with registry.work.read_image and say which way its bytes take;
or, if the door leads to something else than clean images, name it here.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from registry.rules.leaving import Way, may_go

ROOT = Path(settings.BASE_DIR)
APPS = ("core", "consent", "registry", "curation", "training_jobs", "portal", "config", "scripts")
READERS = frozenset({"read", "open_object", "read_start"})
STORAGE = ("core.storage", "core.storage.work")
#: Each module that reads stored bytes, and what of.
DOORS = {
    "core/storage/sealed.py": "the reading itself",
    "curation/queries/pictures.py": "review pictures, for curators of the programme",
    "curation/queries/probes.py": "review pictures with planted writing, for the curator who is tried",
    "curation/work/defacing/step.py": "a series that is being defaced",
    "curation/work/line.py": "sources, to be cleaned",
    "curation/work/plant.py": "review pictures, to plant writing in copies of them",
    "curation/work/recheck.py": "clean files, to be looked through again by a worker",
    "curation/work/redact.py": "clean files in which curators drew, to be blanked by a worker",
    "curation/work/repoint.py": "clean files of a study, whose references follow blanked images",
    "curation/work/survey.py": "sources, to be cleaned",
    "portal/story/chapters/searching.py": "whether an object of the demo's cohort holds a name: an answer, no bytes",
    "registry/actions/manifests.py": "manifests, which hold no images",
    "registry/actions/parts.py": "parts of an upload, to be joined to the file that they are of",
    "registry/work/files.py": "clean images: read_image and open_image, which ask; copies for who sent the files",
    "registry/work/takeouts.py": "files as they were sent, which a worker copies for their donor alone",
    "training_jobs/queries/contents.py": "outputs of jobs, for reviewers; released ones",
    "training_jobs/work/releasing.py": "outputs of jobs that two reviewers released",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Each module of the apps, by its path."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def reads_storage(tree: ast.Module) -> bool:
    """Whether a module takes a function that reads stored bytes from the storage room, or the store itself."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names = {(node.module or "", name.name, name.asname or name.name) for node in imports for name in node.names}
    rooms = {alias for module, name, alias in names if f"{module}.{name}" in STORAGE}
    direct = any(module in STORAGE and name in READERS for module, name, _ in names)
    store = any(module == "core.storage.store" and name == "store" for module, name, _ in names)
    through = any(
        isinstance(node, ast.Attribute)
        and node.attr in READERS
        and isinstance(node.value, ast.Name)
        and node.value.id in rooms
        for node in ast.walk(tree)
    )
    opens = any(isinstance(node, ast.Attribute) and node.attr in ("open", "start") for node in ast.walk(tree))
    return direct or through or (store and opens)


def test_every_door_to_stored_bytes_is_known() -> None:
    assert {name for name, tree in modules() if reads_storage(tree)} == set(DOORS)


def test_clean_images_are_read_in_one_place_which_asks() -> None:
    """`image.stored` is an image's bytes: nobody else goes to them, and read_image must be told the way."""
    users = {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "stored"
        and (getattr(node.value, "attr", "") == "image" or getattr(node.value, "id", "") == "image")
    }
    assert users == {"registry/work/files.py"}
    tree = dict(modules())["registry/work/files.py"]
    functions = {n.name: n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    for reader in (functions["read_image"], functions["open_image"]):
        assert [argument.arg for argument in reader.args.kwonlyargs] == ["way"]
        assert reader.args.kw_defaults == [None]
        assert "_leaving" in {n.id for n in ast.walk(reader) if isinstance(n, ast.Name)}
    assert "may_go" in {n.id for n in ast.walk(functions["_leaving"]) if isinstance(n, ast.Name)}


def test_only_the_sandbox_is_a_way_inside() -> None:
    """Who reads an image for the sandbox is the one who copies it there."""
    users = {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "SANDBOX" and name != "registry/rules/leaving.py"
    }
    assert {name for name in users if "Way" in (ROOT / name).read_text()} == {"training_jobs/work/copying.py"}


@pytest.mark.parametrize("way", Way)
def test_a_head_that_is_not_defaced_goes_nowhere_but_into_the_sandbox(way: Way) -> None:
    assert may_go(undefaced_head=True, way=way) == (way is Way.SANDBOX)
    assert may_go(undefaced_head=False, way=way)
