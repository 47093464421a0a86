"""One series of a head through the operator's tool: laid out, run, checked, drawn again, and put in its place."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from consent.queries import may_donate
from core.errors import Conflict, Missing
from core.lifecycle import move
from core.storage import work as storage
from core.storage.models import StoredObject
from core.storage.zones import Zone
from curation.deid.pictures.plan import PixelPlan
from curation.deid.values.pseudonyms import keyed_uid
from curation.models import Derivation, Series
from curation.pixels.limits import CannotShow
from curation.pixels.task import Task
from curation.rules.holds import DEFACING_FAILED, HEAD
from curation.rules.lifecycle import SeriesState
from curation.work.actor import CLEANER
from curation.work.child import examine_in_child
from curation.work.defacing.graft import grafted
from curation.work.defacing.tool import DefacingFailed, run_tool
from curation.work.keys import subject_key

#: Its writing was searched for when the file was cleaned.
_DRAW_ONLY = Task(PixelPlan("clear"), second_look=False)


@dataclass(frozen=True)
class Defaced:
    """What takes the place of an image's output and picture."""

    derivation: Derivation
    uid: str
    output: StoredObject
    render: StoredObject


def deface_series(series_id: UUID) -> datetime | None:
    """Defaces one series, or lets it wait with the reason why not. Safe to run twice; a kill leaves it as it was."""
    series = Series.objects.get(pk=series_id)
    if series.state != SeriesState.DEFACING or not may_donate(series.donor_id):
        return None  # what a withdrawn donor leaves, a sweep erases
    made: list[Defaced] = []
    try:
        _deface(series, made)
    except DefacingFailed as failed:
        storage.erase([thing for one in made for thing in (one.output, one.render)], by=CLEANER, why="superseded")
        _wait(series, [*series.holds, DEFACING_FAILED], failed.why)
    return None


def series_to_deface() -> list[UUID]:
    """The series that wait for being defaced."""
    return list(Series.objects.filter(state=SeriesState.DEFACING).order_by("pk").values_list("pk", flat=True))


def clear_leftovers() -> None:
    """Removes the folders of series that are not being defaced any more: their worker died, or the donor withdrew."""
    wanted = {str(pk) for pk in series_to_deface()}
    for place in _place().glob("*"):
        if place.name not in wanted:
            shutil.rmtree(place, ignore_errors=True)


def _place() -> Path:
    return Path(settings.VAR) / "defacing"


def _deface(series: Series, made: list[Defaced]) -> None:
    if not settings.DEFACER:
        raise DefacingFailed("not_configured")
    images = list(series.derivations.select_related("output", "render", "before", "domain").order_by("position", "pk"))
    with _folders(series) as (source, target):
        for number, image in enumerate(images):
            (source / _name(number)).write_bytes(_read(image))
        hidden = (Path(settings.VAR), Path(settings.SECRETS))
        run_tool(settings.DEFACER, source, target, hidden=hidden)
        _check_names(target, len(images))
        _each(series, images, target, made)
    _put_in_place(series, made)


def _each(series: Series, images: Sequence[Derivation], target: Path, made: list[Defaced]) -> None:
    """Makes the new files one after the other; at least one of them must show something else than before."""
    changed = False
    for number, image in enumerate(images):
        clean = _read(image)
        uid = keyed_uid(subject_key(image.domain, series.donor_id), b"defaced " + image.sop_uid.encode()).decode()
        data = grafted(clean, (target / _name(number)).read_bytes(), uid)
        png = _drawn(data, series)
        changed = changed or png != _drawn(clean, series)
        made.append(Defaced(image, uid, _kept(series, Zone.CLEAN, data), _kept(series, Zone.REVIEW, png)))
    if not changed:
        raise DefacingFailed("nothing_changed")


@contextmanager
def _folders(series: Series) -> Iterator[tuple[Path, Path]]:
    """Two empty folders that nobody else may enter; what an earlier attempt left is removed, and all at the end."""
    place = _place() / str(series.pk)
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        place.mkdir(mode=0o700)
        (place / "in").mkdir()
        (place / "out").mkdir()
        yield place / "in", place / "out"
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _name(number: int) -> str:
    return f"{number:06}.dcm"


def _check_names(target: Path, count: int) -> None:
    """Raises DefacingFailed unless there is a regular file for each of those that were given, and no other."""
    found = {path.name: path for path in target.glob("*.dcm")}
    if set(found) != {_name(number) for number in range(count)}:
        raise DefacingFailed("wrong_count")
    if any(path.is_symlink() or not path.is_file() for path in found.values()):
        raise DefacingFailed("wrong_count")


def _read(image: Derivation) -> bytes:
    try:
        return storage.read(image.output)
    except Missing:
        raise DefacingFailed("bytes_missing") from None


def _drawn(data: bytes, series: Series) -> bytes:
    try:
        return examine_in_child(data, _DRAW_ONLY, series.donation_id).after.png
    except CannotShow:
        raise DefacingFailed("cannot_be_shown") from None


def _kept(series: Series, zone: Zone, data: bytes) -> StoredObject:
    media_type = "application/dicom" if zone is Zone.CLEAN else "image/png"
    thing = storage.reserve(zone, programme_id=series.programme_id, donor_id=series.donor_id, media_type=media_type)
    return storage.write(thing, data, by=CLEANER)


def _put_in_place(series: Series, made: Sequence[Defaced]) -> None:
    """The new files instead of the old ones, which are erased; nothing where the donor has withdrawn meanwhile."""
    was = [one.derivation for one in made]
    old = [thing for one in was for thing in (one.output, one.render, one.before) if thing is not None]
    new = [thing for one in made for thing in (one.output, one.render)]
    try:
        with transaction.atomic():
            if not may_donate(series.donor_id):
                raise Conflict("The donor has withdrawn.", "withdrawn")
            for one in made:
                Derivation.objects.filter(pk=one.derivation.pk).update(
                    output=one.output, render=one.render, before=None, sop_uid=one.uid, output_sha256=one.output.sha256
                )
            holds = [code for code in series.holds if code != HEAD]
            move(series, SeriesState.WAITING, by=CLEANER, why="defaced", holds=holds)
    except Conflict:
        old = new
    storage.erase(old, by=CLEANER, why="superseded")


def _wait(series: Series, holds: list[str], why: str) -> None:
    try:
        move(series, SeriesState.WAITING, by=CLEANER, why=why, holds=holds)
    except Conflict:
        return  # withdrawn meanwhile
