"""The rule of a dataset: which images belong in it. A closed vocabulary, read strictly."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from consent.rules.use import Use, UseError
from consent.rules.use import parse as parse_use
from core.errors import Invalid
from core.texts import Filled, listed
from core.texts import gettext_noop as _

MODALITY_WORDS: Final = {
    "CT": _("CT scans"),
    "MR": _("MRI scans"),
    "CR": _("X-rays (computed radiography)"),
    "DX": _("X-rays (digital)"),
    "US": _("Ultrasound"),
    "NM": _("Nuclear medicine"),
    "PT": _("PET scans"),
    "MG": _("Mammograms"),
    "XA": _("X-ray angiography"),
    "OT": _("Other pictures"),
}
_KEYS: Final = frozenset({"modalities", "labels_required", "min_images_per_donor", "use"})
_MOST_IMAGES: Final = 10_000
_KNOWN_PARTS: Final = _("The rule has a part that is not known; it may have: {these}.")
_KNOWN_KINDS: Final = _("Choose kinds of images from: {these}.")


@dataclass(frozen=True)
class Rule:
    """What belongs in a dataset. Empty `modalities` means all; `use` narrows to donors who permit it, None does not."""

    modalities: tuple[str, ...] = ()
    labels_required: bool = False
    min_images_per_donor: int = 1
    use: Use | None = None

    def to_dict(self) -> dict[str, Any]:
        """This rule as JSON; `parse` reads it back."""
        plain: dict[str, Any] = {
            "modalities": list(self.modalities),
            "labels_required": self.labels_required,
            "min_images_per_donor": self.min_images_per_donor,
        }
        return plain | ({"use": self.use.to_dict()} if self.use else {})


@dataclass(frozen=True)
class Candidate:
    """What the rule looks at in an image."""

    image_id: UUID
    donor_id: UUID
    modality: str
    labelled: bool


def parse(value: object) -> Rule:
    """A rule from JSON; raises Invalid with a sentence for what it does not know."""
    if not isinstance(value, Mapping):
        raise _invalid("rule", _("The rule must be an object."))
    for key in value:
        if key not in _KEYS:
            raise _invalid("rule", Filled(_KNOWN_PARTS, these=", ".join(sorted(_KEYS))))
    modalities = value.get("modalities", [])
    if not isinstance(modalities, list | tuple) or not set(modalities) <= set(MODALITY_WORDS):
        raise _invalid("modalities", Filled(_KNOWN_KINDS, these=", ".join(MODALITY_WORDS)))
    labels_required, least = value.get("labels_required", False), value.get("min_images_per_donor", 1)
    if not isinstance(labels_required, bool):
        raise _invalid("labels_required", _("Say yes or no: must an image have a finding?"))
    if isinstance(least, bool) or not isinstance(least, int) or not 1 <= least <= _MOST_IMAGES:
        raise _invalid("min_images_per_donor", Filled(_("Give a whole number from 1 to {most}."), most=_MOST_IMAGES))
    try:
        use = parse_use(value["use"]) if value.get("use") is not None else None
    except UseError as error:
        raise _invalid("use", error.sentence) from None
    return Rule(tuple(sorted(set(modalities))), labels_required, least, use)


def choose(candidates: Iterable[Candidate], rule: Rule) -> list[Candidate]:
    """The candidates that the rule takes, in the order that they came in."""
    kinds = set(rule.modalities)
    fit = [c for c in candidates if (not kinds or c.modality in kinds) and (c.labelled or not rule.labels_required)]
    per_donor = Counter(candidate.donor_id for candidate in fit)
    return [candidate for candidate in fit if per_donor[candidate.donor_id] >= rule.min_images_per_donor]


def sentences(rule: Rule) -> list[str]:
    """The rule in plain words."""
    kinds = listed(MODALITY_WORDS[kind] for kind in rule.modalities)
    these = Filled(_("Only these kinds of images: {kinds}."), kinds=kinds)
    lines: list[str] = [these if kinds else _("Every kind of image.")]
    if rule.labels_required:
        lines.append(_("Only images for which a curator noted whether there is a finding."))
    if rule.min_images_per_donor > 1:
        lines.append(Filled(_("Only donors with at least {number} such images."), number=rule.min_images_per_donor))
    lines.append(
        _("Only donors whose consent permits one stated use.")
        if rule.use
        else _("Every donor with a consent in force.")
    )
    return lines


def _invalid(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, "rule", {field: sentence})
