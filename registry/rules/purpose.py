"""A researcher's answers about a purpose, made into the use that consents are asked about."""

from collections.abc import Mapping
from typing import Any, Final

from consent.rules.diseases import BUILT_IN, DiseaseTree
from consent.rules.use import SENSITIVE, SENSITIVE_WORDS, Organisation, Use, UseError, parse
from core.texts import Filled, listed
from core.texts import gettext_noop as _

AREAS: Final = {
    "general": _("Any research, also outside health"),
    "health": _("Health and medical research in general"),
    "diseases": _("Only research into certain diseases"),
}
ORGANISATIONS: Final = {
    Organisation.NONPROFIT.value: _("A university, hospital or other organisation that does not work for profit"),
    Organisation.FORPROFIT.value: _("A company"),
}

#: What a person must look at, as it begins a line; consent/rules/use.py has it as it stands in a sentence.
SENSITIVE_LINES: Final = {
    "stigma": _("A disease or trait that people are stigmatised for"),
    "vulnerable": _("Vulnerable people"),
    "psychological": _("Psychological traits or intelligence"),
    "illegal": _("Illegal behaviour"),
    "sexual": _("Sexual preferences or sexually transmitted diseases"),
    "paediatric": _("Children only"),
    "gender": _("One gender only"),
}


def use_of(answers: Mapping[str, Any], known: DiseaseTree = BUILT_IN) -> Use:
    """The use that a form's answers describe.

    `answers`: org, institution, area (a key of AREAS), diseases (MONDO ids), countries (ISO 3166 codes), and yes or
    no for commercial, train_model, share_weights; `sensitive`: those of SENSITIVE that it is about, none where it is
    about none of them, which must be said. `known` are the diseases that may be named. Raises UseError with a
    sentence. What is not asked stays unanswered, except where one answer settles another: a model trained in
    commercial work is a commercial one.
    """
    area, trains = answers.get("area"), bool(answers.get("train_model"))
    if area == "diseases" and not answers.get("diseases"):
        raise UseError(_("Choose at least one disease, or say that the research is about something else."))
    if not answers.get("countries"):
        raise UseError(_("Say in which countries the results are worked on."))
    if answers.get("sensitive") is None:
        raise UseError(_("Say whether it is about one of the sensitive matters, or about none of them."))
    if not set(answers["sensitive"]) <= set(SENSITIVE):
        raise UseError(
            Filled(_("A sensitive matter is not known here; there are: {these}."), these=", ".join(SENSITIVE))
        )
    declared = {
        **{name: name in answers["sensitive"] for name in SENSITIVE},
        "org": answers.get("org"),
        "institution": answers.get("institution"),
        "countries": list(answers.get("countries") or []),
        "commercial": bool(answers.get("commercial")),
        "train_model": trains,
        "share_weights": trains and bool(answers.get("share_weights")),
        "commercial_model": trains and bool(answers.get("commercial")),
        "diseases": list(answers.get("diseases") or []) if area == "diseases" else [],
    }
    if area == "general":
        declared["general"] = True
    if area == "health":
        declared["hmb"] = True
    if area == "diseases" and trains:
        declared["methods_within_disease"] = True
    use = parse(declared)
    if not known.labels.keys() >= set(use.diseases):
        raise UseError(_("One of these diseases is not known here. Choose from those that the form on the page lists."))
    return use


def sentences(use: Use, known: DiseaseTree = BUILT_IN) -> list[tuple[str, str]]:
    """A use in plain words, as questions and answers."""
    return [
        (_("Who asks"), ORGANISATIONS[use.org.value] if use.org else _("Not said")),
        (_("Research into"), _area(use, known)),
        (_("Commercial"), _yes(use.commercial)),
        (_("Trains a computer model"), _yes(use.trains)),
        (_("Gives the trained model to others"), _yes(use.share_weights)),
        (_("Sensitive matters"), _sensitive(use)),
        (_("Countries"), ", ".join(use.countries) or _("Not said")),
    ]


def _sensitive(use: Use) -> str:
    if use.sensitive:
        first, *others = use.sensitive
        return listed([SENSITIVE_LINES[first], *(SENSITIVE_WORDS[name] for name in others)], _("{this}; {that}"))
    return _("None") if all(getattr(use, name) is False for name in SENSITIVE) else _("Not said")


def _area(use: Use, known: DiseaseTree) -> str:
    if use.diseases:
        return listed(known.label(disease) for disease in use.diseases)
    if use.general:
        return AREAS["general"]
    return AREAS["health"] if use.hmb else _("Not said")


def _yes(answer: bool | None) -> str:
    return _("Not said") if answer is None else _("Yes") if answer else _("No")
