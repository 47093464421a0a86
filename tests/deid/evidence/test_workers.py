"""Workers with one key agree on everything, in whatever order they clean; two keys share no UID and no pseudonym."""

import hashlib
import multiprocessing
from collections.abc import Iterable, Iterator

import pytest

from curation.deid import RESEARCH, Cleaned, Deidentifier, derive_group_key, derive_subject_key
from tests.deid import checker, corpus

DOMAIN, OTHER_DOMAIN = b"k" * 32, b"l" * 32
_SMALL = 200_000


def small() -> list[str]:
    """Real files that are cleaned fast."""
    return [str(path) for path in corpus.files() if path.stat().st_size < _SMALL]


def outcomes(paths: Iterable[str], domain: bytes, subject: str) -> dict[str, str]:
    """The digest of what becomes of each file, or the reason why nothing does."""
    engine = Deidentifier(derive_subject_key(domain, subject), group_key=derive_group_key(domain), profile=RESEARCH)
    found = {}
    for path in paths:
        with open(path, "rb") as file:
            result = engine.clean(file.read())
        found[path] = hashlib.sha256(result.data).hexdigest() if isinstance(result, Cleaned) else result.reason
    return found


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_two_workers_agree(method: str) -> None:
    paths = small()[::4]
    with multiprocessing.get_context(method).Pool(2) as pool:
        work = [(paths, DOMAIN, "donor"), (paths[::-1], DOMAIN, "donor")]
        one, other = pool.starmap(outcomes, work)
    assert one == other == outcomes(paths, DOMAIN, "donor")
    assert sum(len(digest) == 64 for digest in one.values()) > 40


def made_up(paths: Iterable[str], domain: bytes, subject: str) -> Iterator[str]:
    """Every UID and name that the engine makes for these files."""
    engine = Deidentifier(derive_subject_key(domain, subject), group_key=derive_group_key(domain))
    for path in paths:
        with open(path, "rb") as file:
            result = engine.clean(file.read())
        if isinstance(result, Cleaned):
            for element in checker.walk(checker.read(result.data)):
                yield from (
                    value
                    for value in checker.values(element)
                    if checker.NEW_UID.fullmatch(value) or checker.PSEUDONYM.fullmatch(value)
                )


def test_two_keys_share_no_uid_and_no_pseudonym() -> None:
    paths = small()[::4]
    subjects = [(DOMAIN, "donor"), (DOMAIN, "another donor"), (OTHER_DOMAIN, "donor")]
    found = [set(made_up(paths, domain, subject)) for domain, subject in subjects]
    assert all(len(each) > 100 for each in found)
    for place, one in enumerate(found):
        assert all(one.isdisjoint(other) for other in found[place + 1 :])
