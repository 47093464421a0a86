"""Last chapter: every byte outside quarantine, every column, log and message is searched for everything planted."""

import email
from collections.abc import Iterable, Iterator
from email import policy
from pathlib import Path
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import models

from core.rows import PRIVACY
from core.storage.models import StoredObject
from core.storage.store import store
from core.storage.work import open_object
from core.storage.zones import ObjectState, Zone
from portal.story.cohort import CompiledNeedles, PlantedValue, compile_needles, planted, relative_of, search_bytes
from portal.story.stage import Stage
from portal.story.telling import StoryBroken

#: Zones in which names are meant to lie.
NAMED = frozenset({Zone.INCOMING, Zone.QUARANTINE, Zone.TAKEOUT})
#: What Django's backend for files writes behind each e-mail.
BETWEEN = b"\n" + b"-" * 79 + b"\n"


def tell(stage: Stage) -> None:
    """Any hit ends the story; a hit is told by kind and place, never by value."""
    with stage.teller.chapter("Everything is searched for everything planted"):
        needles = compile_needles(_values(stage))
        stage.teller.say(f"{len(needles.spellings):,} spellings of names, numbers and identifiers are looked for.")
        columns = sum(_search(f"column {name}", data, needles) for name, data in _columns())
        files = sum(_search(place, data, needles) for place, data in _files())
        objects = _search_objects(stage, needles)
        stage.teller.hold(
            objects and columns,
            f"{objects:,} objects, {columns:,} columns and {files:,} logs and messages hold none of it",
        )


def _values(stage: Stage) -> Iterator[PlantedValue]:
    for member in stage.cast.members:
        yield from planted(member.person).values
    yield from planted(relative_of(stage.cast.members[1].person)).values
    yield from stage.extra_values


def _search_objects(stage: Stage, needles: CompiledNeedles) -> int:
    """Objects of every zone but quarantine; a donor's own dates are looked for in that donor's objects too."""
    dates = {m.donor_id: compile_needles(planted(m.person).dates) for m in stage.cast.members}
    rows = StoredObject.objects.filter(state=ObjectState.STORED).exclude(zone__in=NAMED)
    for thing in rows.iterator():
        with open_object(thing) as stream:
            data = stream.read()
        _search(f"an object in {thing.zone}", data, needles)
        if thing.donor_id in dates:
            _search(f"a date in an object in {thing.zone}", data, dates[thing.donor_id])
    _no_strangers(stage, set(rows.values_list("pk", flat=True)))
    return rows.count()


def _no_strangers(stage: Stage, known: set[UUID]) -> None:
    """Bytes without a row would be searched by nobody."""
    for zone in set(Zone) - NAMED:
        if not {UUID(key) for key in store().keys(zone)} <= known:
            raise StoryBroken(f"There are bytes without a row in the zone {zone}.")


def _columns() -> Iterator[tuple[str, bytes]]:
    """Every column of every table that is not declared identifying, as text. Libraries' tables but sessions and e-mail
    addresses are searched whole: those two hold an address or a sign-in by their purpose."""
    for model in apps.get_models():
        if model._meta.label_lower in {"account.emailaddress", "sessions.session"}:
            continue
        kinds = PRIVACY.get(model, {})
        for field in model._meta.concrete_fields:
            if kinds.get(field.name) != "identifying":
                yield model._meta.label_lower + "." + field.name, _text(model, field)


def _text(model: type[models.Model], field: models.Field) -> bytes:
    values: Iterable[object] = model._default_manager.values_list(field.attname, flat=True).iterator()
    return "\n".join(str(value) for value in values).encode()


def _files() -> Iterator[tuple[str, bytes]]:
    """Logs, queued messages and e-mails (without the address that an e-mail needs to arrive)."""
    for file in sorted(Path(settings.VAR).rglob("*")):
        place = file.relative_to(settings.VAR)
        if not file.is_file() or place.parts[0] in {"objects", "static"} or ".sqlite3" in file.name:
            continue
        data = file.read_bytes()
        yield place.parts[0], body_of(data) if place.parts[0] == "mail" else data


def body_of(data: bytes) -> bytes:
    """Subject and text of every e-mail in a file of Django's backend: two that were sent at once may share one."""
    return b"\n".join(_one_body(each) for each in data.split(BETWEEN) if each.strip())


def _one_body(data: bytes) -> bytes:
    message = email.message_from_bytes(data, policy=policy.default)
    return (str(message["Subject"]) + "\n" + str(message.get_content())).encode()


def _search(place: str, data: bytes, needles: CompiledNeedles) -> int:
    hits = search_bytes(data, needles)
    if hits:
        kinds = sorted({hit.planted.kind for hit in hits})
        raise StoryBroken(f"Found in {place}: {len(hits)} planted values ({', '.join(kinds)}).")
    return 1
