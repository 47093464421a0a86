"""Donors' data are coded: the registry keeps the key, so nothing that a person reads calls them anonymous."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("portal", "consent", "registry", "curation", "training_jobs", "core")
READ = sorted(
    path
    for app in APPS
    for pattern in ("templates/**/*.html", "templates/**/*.txt", "web/**/*.py", "actions/**/*.py", "rules/**/*.json")
    for path in (ROOT / app).rglob(pattern)
) + sorted((ROOT / "consent").rglob("rules/*.py"))
#: It may be said that they are not.
DENIED = re.compile(r"\bnot anonymous\b|\bnever anonymous\b", re.IGNORECASE)
SAID = re.compile(r"\banonym\w*|\bde-?identified data\b", re.IGNORECASE)
#: Django's own word for who is not signed in.
DJANGO = re.compile(r"AnonymousUser|is_anonymous")


@pytest.mark.parametrize("path", READ, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_that_is_read_calls_a_gift_anonymous(path: Path) -> None:
    text = DJANGO.sub("", DENIED.sub("", path.read_text()))
    assert SAID.findall(text) == []


def test_the_form_says_coded() -> None:
    form = (ROOT / "consent/rules/data/default_form.json").read_text()
    assert "coded" in form
    assert "coded and not anonymous" in form
