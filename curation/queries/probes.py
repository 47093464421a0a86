"""Planted writing: what a curator is shown instead of the real picture, and what a form says was on its page."""

import hmac
import time
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from core.accounts.queries import Reader, key_of
from core.errors import Invalid, Missing
from core.storage.work import read
from core.storage.zones import ObjectState
from curation.models import Probe, Series
from curation.queries.readers import is_open_to
from curation.queries.series import series_with_pictures
from curation.rules.lifecycle import ProbeState

#: A page that lies open for longer was not looked at for so long.
MOST_SECONDS = 3_600


@dataclass(frozen=True)
class Shown:
    """What was on the page from which a decision comes: the series' round, for how long, and what was planted."""

    round: int
    seconds: int
    probe: Probe | None


def planted_for(user: Reader, series: Series) -> Probe | None:
    """What this curator is to be shown in place of one of the series' pictures, if anything now."""
    if not is_open_to(user, series):
        return None
    ready = _mine(user, series).filter(round=series.round, state=ProbeState.READY)
    return ready.filter(render__state=ObjectState.STORED).select_related("render", "derivation").first()


def token_for(user: Reader, series: Series, probe: Probe | None) -> str:
    """Stands, in a form, for what its page shows and since when: made under the portal's key, and readable by nobody.

    Whether something was planted cannot be seen in it.
    """
    since = int(time.time() * 1000)
    return f"{series.round}.{since}.{_seal(user, series, series.round, since, probe)}"


def shown_to(user: Reader, series: Series, token: str) -> Shown:
    """What a form's token says was shown; raises Invalid for one that was not made for this curator and series."""
    turn, since, seal = [*token.split("."), "", ""][:3]
    if turn.isdecimal() and since.isdecimal() and len(token) < 200:
        for probe in (None, *_mine(user, series)):
            if hmac.compare_digest(seal.encode(), _seal(user, series, int(turn), int(since), probe).encode()):
                seconds = max(int(time.time() - int(since) / 1000), 0)
                return Shown(int(turn), min(seconds, MOST_SECONDS), probe)
    raise Invalid("This page was not shown to you. Look at the pictures, then decide.", "not_shown")


def planted_seen_by(user: Reader, probe_id: UUID) -> tuple[Probe, bytes]:
    """What was planted for this curator and has been answered, with its picture; raises Missing once that is erased."""
    ended = Probe.objects.filter(curator_id=key_of(user), series__in=series_with_pictures(user).values("pk"))
    ended = ended.filter(pk=probe_id, state__in=[ProbeState.CAUGHT, ProbeState.MISSED])
    probe = ended.select_related("render", "series", "derivation").first()
    if probe is None or probe.render is None:
        raise Missing("There is no such picture.")
    return probe, read(probe.render)


def _mine(user: Reader, series: Series) -> QuerySet[Probe]:
    return Probe.objects.filter(series=series, curator_id=key_of(user))


def _seal(user: Reader, series: Series, turn: int, since: int, probe: Probe | None) -> str:
    said = f"{key_of(user)} {series.pk} {turn} {since} {probe.pk if probe else ''}"
    return salted_hmac("curation.shown", said, algorithm="sha256").hexdigest()
