"""What somebody wants to do with the data: the declared use that a consent is asked about."""

from dataclasses import dataclass, fields
from datetime import date as Date  # a field below is called date
from enum import StrEnum
from typing import Any, Final

from consent.rules import reading
from core.canonical import digest_of
from core.errors import Invalid
from core.texts import gettext_noop as _

#: What a person must look at whatever a consent says, in the sentence that says so.
SENSITIVE_WORDS: Final = {
    "stigma": _("a disease or trait that people are stigmatised for"),
    "vulnerable": _("vulnerable people"),
    "psychological": _("psychological traits or intelligence"),
    "illegal": _("illegal behaviour"),
    "sexual": _("sexual preferences or sexually transmitted diseases"),
    "paediatric": _("children only"),
    "gender": _("one gender only"),
}
SENSITIVE: Final = tuple(SENSITIVE_WORDS)


class UseError(Invalid):
    """A use that cannot be read; the message is a sentence that says what to change."""

    default_code = "use"


class Organisation(StrEnum):
    """Who asks (DUO NPU): an organisation that is for profit, or one that is not."""

    NONPROFIT = "nonprofit"
    FORPROFIT = "forprofit"


@dataclass(frozen=True, slots=True)
class Use:
    """A declared use. None or empty means 'not answered', which is never read as permission."""

    general: bool | None = None
    hmb: bool | None = None
    poa: bool | None = None
    methods: bool | None = None
    methods_within_disease: bool | None = None
    clinical: bool | None = None
    genetic: bool | None = None
    commercial: bool | None = None
    train_model: bool | None = None
    share_weights: bool | None = None
    commercial_model: bool | None = None
    stigma: bool | None = None
    vulnerable: bool | None = None
    psychological: bool | None = None
    illegal: bool | None = None
    sexual: bool | None = None
    paediatric: bool | None = None
    gender: bool | None = None
    diseases: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    date: Date | None = None
    org: Organisation | None = None
    institution: str | None = None
    project: str | None = None

    @property
    def trains(self) -> bool:
        """Whether a model is trained: said outright, or implied by sharing or selling one."""
        return bool(self.train_model or self.share_weights or self.commercial_model)

    @property
    def methods_work(self) -> bool:
        """Whether methods are developed; training a model counts as that by this registry's policy."""
        return bool(self.methods or self.methods_within_disease or self.trains)

    @property
    def has_purpose(self) -> bool:
        """Whether anything is declared that a permission can cover."""
        research = self.general or self.hmb or self.poa or self.diseases
        return bool(research or self.clinical or self._declares_methods)

    @property
    def sensitive(self) -> tuple[str, ...]:
        """The sensitive purposes that are declared, by key."""
        return tuple(name for name in SENSITIVE if getattr(self, name))

    @property
    def _declares_methods(self) -> bool:
        return bool(self.methods or self.methods_within_disease or self.train_model)

    def to_dict(self) -> dict[str, Any]:
        """This use as JSON, without what was not answered; `parse` reads it back."""
        pairs = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: _plain(value) for name, value in pairs if value not in (None, ())}


KEYS: Final = frozenset(field.name for field in fields(Use))
_NOT_ANSWERS: Final = {"diseases", "countries", "users", "date", "org", "institution", "project"}


def parse(obj: object) -> Use:
    """A use from a JSON object with the keys of `Use`, all optional; raises UseError with a sentence."""
    try:
        data = reading.as_object(obj, KEYS, "'use'")
        answers = {key: reading.as_answer(data.get(key), f"'{key}'") for key in KEYS - _NOT_ANSWERS}
        return Use(
            **answers,
            diseases=reading.as_diseases(data.get("diseases"), "'diseases'"),
            countries=reading.as_countries(data.get("countries"), "'countries'"),
            users=reading.as_texts(data.get("users"), "'users'"),
            date=reading.as_date(data.get("date"), "'date'"),
            org=_organisation(data.get("org")),
            institution=reading.as_text(data.get("institution"), "'institution'"),
            project=reading.as_text(data.get("project"), "'project'"),
        )
    except Invalid as error:
        raise UseError(error.sentence) from None


def digest(use: Use) -> str:
    """SHA-256 in hex of the canonical JSON of a use."""
    return digest_of(use.to_dict())


def _organisation(value: object) -> Organisation | None:
    text = reading.as_text(value, "'org'")
    if text is None:
        return None
    if text not in set(Organisation):
        raise Invalid(_("'org' must be nonprofit or forprofit."))
    return Organisation(text)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return sorted(set(value))
    return value.isoformat() if isinstance(value, Date) else value
