"""Finds, among cleaned files, those that bring what the donor gave before, by their keyed SOP Instance UIDs.

Compared is what the engine made, before anything was done to the pixels: later rules for these, or a region that a
curator drew, make no second image of the first.
"""

from collections.abc import Sequence
from enum import Enum

from curation.models import Derivation, KeyDomain
from curation.rules.lifecycle import SeriesState
from curation.rules.reasons import RECALLED, RECHECK
from curation.work.examine import Fit
from curation.work.files import SourceFile

GONE = (SeriesState.REJECTED, SeriesState.WITHDRAWN)


class Kin(Enum):
    """What a file is to those that were kept before."""

    NEW = "new"
    DUPLICATE = "duplicate"  # the same image again
    CONFLICT = "conflict"  # another image under the same identifier
    RECALLED = "recalled"  # the very bytes in which somebody was recognised
    LATER = "later"  # its twin is in this batch: it is decided once that one is


def sorted_by_kin(fit: Sequence[tuple[SourceFile, Fit]], domain: KeyDomain) -> dict[Kin, list[SourceFile]]:
    """The files of one donor by what they are; of those that share an instance in one batch, the first is NEW."""
    kept = _kept(fit, domain)
    recalled = _recalled(fit, domain)
    seen: set[str] = set()
    found: dict[Kin, list[SourceFile]] = {kin: [] for kin in Kin}
    for file, each in fit:
        uid = each.cleaned.sop_instance_uid
        digests = kept.get(uid)
        if each.cleaned.output_sha256 in recalled:
            kin = Kin.RECALLED
        elif digests is not None:
            kin = Kin.DUPLICATE if each.cleaned.output_sha256 in digests else Kin.CONFLICT
        else:
            kin = Kin.LATER if uid in seen else Kin.NEW
        seen.add(uid)
        found[kin].append(file)
    return found


def _kept(fit: Sequence[tuple[SourceFile, Fit]], domain: KeyDomain) -> dict[str, set[str]]:
    """The digests of what was kept before of the same DICOM instances of this donor, by their keyed UIDs."""
    if not fit:
        return {}
    uids = {each.cleaned.sop_instance_uid for _, each in fit}
    made = Derivation.objects.filter(domain=domain, cleaned_uid__in=uids, series__donor_id=fit[0][0].donor_id)
    made = made.exclude(series__state__in=GONE).exclude(file_id__in=[file.pk for file, _ in fit])
    found: dict[str, set[str]] = {}
    for uid, digest in made.values_list("cleaned_uid", "cleaned_sha256"):
        found.setdefault(uid, set()).add(digest)
    return found


def _recalled(fit: Sequence[tuple[SourceFile, Fit]], domain: KeyDomain) -> set[str]:
    """The digests of cleaned files of this donor that were taken back: the same again would show the same again."""
    if not fit:
        return set()
    digests = {each.cleaned.output_sha256 for _, each in fit}
    gone = Derivation.objects.filter(domain=domain, cleaned_sha256__in=digests, series__donor_id=fit[0][0].donor_id)
    gone = gone.filter(series__state=SeriesState.REJECTED, series__reason__in=(RECALLED, RECHECK))
    return set(gone.values_list("cleaned_sha256", flat=True))
