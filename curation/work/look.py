"""Looks at one clean file under the rules of today: its header by the engine, its picture in the child process."""

import hashlib
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from consent.queries import identity_of, may_donate
from curation.deid import Deidentifier
from curation.deid.again import look_again
from curation.deid.pictures.plan import PixelPlan, PixelRisk
from curation.models import KeyDomain
from curation.pixels.limits import CannotShow
from curation.pixels.task import Kind, Task
from curation.work.child import examine_in_child
from curation.work.examine import facts_about
from curation.work.keys import group_key, subject_key
from curation.work.seeds import seeds_from

#: The code for writing in a picture (curation/rules/risks.py).
WRITING = "writing_found"
#: Everything that decides what is found: a change of any of these files is another rule.
WHAT_LOOKS = ("curation/deid", "curation/pixels", "curation/work/child.py", "curation/work/look.py")


@lru_cache(maxsize=1)
def code_digest() -> str:
    """SHA-256 over the code and data that look; the rules digest alone does not change when code is mended."""
    found = hashlib.sha256()
    for place in WHAT_LOOKS:
        path = Path(settings.BASE_DIR) / place
        files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
        for file in files:
            if file.suffix != ".pyc":
                found.update(f"{file.relative_to(settings.BASE_DIR)}\0{file.stat().st_size}\0".encode())
                found.update(file.read_bytes())
    return found.hexdigest()


def engine_for(donor_id: UUID, domain: KeyDomain) -> Deidentifier | None:
    """The engine as it cleans this donor's files, with what the registry knows of them; None after a withdrawal."""
    identity = identity_of(donor_id)
    if identity is None or not may_donate(donor_id):
        return None
    key, group = subject_key(domain, donor_id), group_key(domain)
    return Deidentifier(key, group_key=group, study=facts_about(identity))


def look(data: bytes, engine: Deidentifier, risk: PixelRisk) -> list[str]:
    """Codes of what is found in a clean file; none where all is as it should be. `risk`: its picture's, as it was kept.

    Raises NoWalls where pictures cannot be opened safely here.
    """
    return [*look_again(data, engine), *_in_picture(data, seeds_from(engine.study), risk)]


def _in_picture(data: bytes, seeds: tuple[str, ...], risk: PixelRisk) -> list[str]:
    """Codes of what is found in the picture.

    Two people took what needed a look, with the writing that they saw in it; there, only what says who the donor is
    is news. Anything written in what passed by itself is.
    """
    try:
        examined = examine_in_child(data, Task(PixelPlan(risk), seeds))
    except CannotShow as refusal:
        return [refusal.reason]
    writing = [found for found in examined.findings if found.kind is not Kind.MARKER]
    is_news = any(found.said for found in writing) or (bool(writing) and risk != "look")
    return [WRITING] if is_news else []
