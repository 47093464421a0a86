"""Which licence texts may be shipped with: permissive ones and the LGPL; never the GPL or AGPL, and nothing unknown."""

import pytest

from scripts.licences import chosen, permitted, runtime
from scripts.lock_file import locked, read


@pytest.mark.parametrize(
    "licence",
    [
        "MIT",
        "BSD License",
        "Apache Software License; BSD License",
        "Apache-2.0 OR BSD-3-Clause",
        "GPL-2.0-only OR MIT",
        "LGPL-3.0-only",
        "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
        "Mozilla Public License 2.0 (MPL 2.0)",
    ],
)
def test_these_are_allowed(licence: str) -> None:
    assert permitted(licence)


@pytest.mark.parametrize(
    "licence",
    [
        "GPL-3.0-only",
        "AGPL-3.0-or-later",
        "GNU General Public License v3 (GPLv3)",
        "GNU Affero General Public License v3",
        "MIT AND GPL-2.0-only",
        "GPL-2.0-only AND (MIT OR BSD-3-Clause)",
        "MIT License; GNU General Public License (GPL)",
        "MIT with a condition",
        "UNKNOWN",
        "",
    ],
)
def test_these_are_refused(licence: str) -> None:
    assert not permitted(licence)


def test_a_choice_of_licences_is_taken_only_while_it_reads_as_it_did() -> None:
    offered = (
        "GNU General Public License v2 or later (GPLv2+); GNU Lesser General Public License v2 or later (LGPLv2+); "
        "Mozilla Public License 1.1 (MPL 1.1)"
    )
    assert permitted(chosen("pyphen", offered))
    assert not permitted(chosen("pyphen", "GNU General Public License v2 or later (GPLv2+)"))
    assert not permitted(chosen("another", offered))


def test_the_product_runs_on_what_its_dependencies_need_and_not_on_what_checks_it() -> None:
    pyproject, text = read()
    runs = runtime(locked(text), pyproject)
    assert {"django", "sqlparse", "scikit-learn", "scipy"} <= runs
    assert not {"pytest", "ruff", "mypy", "playwright"} & runs
