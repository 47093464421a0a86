"""Who has read a series, and whether somebody else must read it too."""

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.crypto import salted_hmac

from core.accounts.models import User
from core.accounts.queries import Reader, key_of
from curation.models import Reading, Redaction, Series
from curation.rules.lifecycle import OPEN, SeriesState
from curation.rules.readers import Second, is_sampled, second_reader


def second_reader_for(series: Series) -> Second:
    """Whether a second curator must say yes to the series, and why one should."""
    return second_reader(
        mode=settings.SECOND_READER,
        risk=series.pixel_risk,
        is_held=series.is_held or bool(series.holds),
        is_drawn=is_drawn_in(series),
        is_sampled=is_sampled(sample_key("second"), str(series.pk), one_in=settings.SECOND_READ_ONE_IN),
    )


def sample_key(purpose: str) -> bytes:
    """The key under which samples of one purpose are drawn; outside the portal nobody can tell what they pick."""
    return salted_hmac("curation.samples", purpose, algorithm="sha256").digest()


def is_drawn_in(series: Series) -> bool:
    """Whether a curator drew a region to be blanked in the series, in whatever round."""
    return Redaction.objects.filter(series=series).exists()


def has_read(series: Series, curator: User) -> bool:
    """Whether this curator has decided on the series in its present round."""
    return Reading.objects.filter(series=series, round=series.round, curator=curator).exists()


def open_to(user: Reader, series: QuerySet[Series]) -> QuerySet[Series]:
    """Those of the series that `user` can decide on now: as the first, or as another second."""
    mine = Reading.objects.filter(series_id=OuterRef("pk"), round=OuterRef("round"), curator_id=key_of(user))
    return series.filter(Q(state=SeriesState.WAITING) | Q(state=SeriesState.SECOND) & ~Exists(mine))


def is_open_to(user: Reader, series: Series) -> bool:
    """The same of one series."""
    if series.state not in OPEN:
        return False
    return series.state == SeriesState.WAITING or not has_read(series, user)  # type: ignore[arg-type]  # only users see series
