"""What a recheck finds of a clean file. Plain Python."""

from enum import StrEnum

from core.texts import gettext_noop as _


class Outcome(StrEnum):
    """What became of one file in a recheck."""

    UNCHANGED = "unchanged"  # the rules of today leave it as it is
    KNOWN = "known"  # looked at before under the same rules
    HIT = "hit"  # they would take something out
    UNREADABLE = "unreadable"  # its bytes are not there, or not the ones that were written
    GONE = "gone"  # erased meanwhile: a donor has withdrawn, or it was rejected


WORDS = {
    Outcome.UNCHANGED: _("Unchanged"),
    Outcome.KNOWN: _("Looked at before under the same rules"),
    Outcome.HIT: _("Something found"),
    Outcome.UNREADABLE: _("Could not be read"),
    Outcome.GONE: _("Erased meanwhile"),
}
