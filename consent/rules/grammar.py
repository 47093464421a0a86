"""The shape of consent terms: alternatives joined by OR, each a permission, diseases and modifiers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from consent.rules import reading
from consent.rules.vocabulary import MODIFIERS, PERMISSIONS, code_of
from core.canonical import canonical_json
from core.errors import Invalid
from core.texts import Filled
from core.texts import gettext_noop as _

Value = str | int | tuple[str, ...] | None
#: What a code is called in a refusal, and what is said where it is missing or unknown.
_PERMISSION_WORDS: Final = (
    _("A permission's code"),
    _("A permission must have a code."),
    _("{name} is not the code of a permission."),
)
_MODIFIER_WORDS: Final = (
    _("A modifier's code"),
    _("A modifier must have a code."),
    _("{name} is not the code of a modifier."),
)
_MONTHS: Final = re.compile(r"(\d{1,4})( months?)?", re.ASCII)


class TermsError(Invalid):
    """Consent terms that cannot be read; the message is a sentence that says what to change."""

    default_code = "terms"


@dataclass(frozen=True, slots=True)
class Modifier:
    """A DUO or local modifier; `value` is names for GS, US, IS and PS, months or a date for TS and MOR."""

    code: str
    value: Value = None

    def __post_init__(self) -> None:
        if isinstance(self.value, tuple):
            object.__setattr__(self, "value", tuple(sorted(set(self.value))))

    @property
    def names(self) -> frozenset[str]:
        """The names that a restriction lists; none when it lists none."""
        return frozenset(self.value) if isinstance(self.value, tuple) else frozenset()

    def as_json(self) -> dict[str, Any]:
        """This modifier as JSON."""
        return {"code": self.code, "value": list(self.value) if isinstance(self.value, tuple) else self.value}


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way in which the gift may be used; everything in it holds together (AND). Kept in normal form."""

    permission: str
    diseases: tuple[str, ...] = ()
    modifiers: tuple[Modifier, ...] = ()

    def __post_init__(self) -> None:
        ordered = sorted(set(self.modifiers), key=lambda modifier: canonical_json(modifier.as_json()))
        object.__setattr__(self, "diseases", tuple(sorted(set(self.diseases))))
        object.__setattr__(self, "modifiers", tuple(ordered))

    def as_json(self) -> dict[str, Any]:
        """This alternative as JSON."""
        modifiers = [modifier.as_json() for modifier in self.modifiers]
        return {"permission": self.permission, "diseases": list(self.diseases), "modifiers": modifiers}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a donor allows: any one alternative suffices, none at all allows nothing. Kept in normal form."""

    alternatives: tuple[Alternative, ...] = ()

    def __post_init__(self) -> None:
        ordered = sorted(set(self.alternatives), key=lambda option: canonical_json(option.as_json()))
        object.__setattr__(self, "alternatives", tuple(ordered))

    def as_json(self) -> dict[str, Any]:
        """These terms as JSON, in normal form: equal terms give equal JSON."""
        return {"alternatives": [alternative.as_json() for alternative in self.alternatives]}


def parse(obj: object) -> Terms:
    """Terms from `{"alternatives": [{"permission", "diseases": [], "modifiers": [{"code", "value"}]}]}`.

    Codes may be short (`GRU`), CURIEs (`DUO:0000042`) or URIs. Raises TermsError with a sentence.
    """
    try:
        data = reading.as_object(obj, {"alternatives"}, "'terms'")
        rows = reading.as_list(data.get("alternatives"), "'alternatives'")
        return Terms(tuple(_alternative(row) for row in rows))
    except TermsError:
        raise
    except Invalid as error:
        raise TermsError(error.sentence) from None


def _alternative(obj: object) -> Alternative:
    data = reading.as_object(obj, {"permission", "diseases", "modifiers"}, Filled(_("An alternative")))
    permission = _code(data.get("permission"), PERMISSIONS, _PERMISSION_WORDS)
    diseases = reading.as_diseases(data.get("diseases"), "'diseases'")
    if diseases and permission != "DS":
        raise TermsError(Filled(_("Only the permission DS goes with diseases; {code} does not."), code=permission))
    rows = reading.as_list(data.get("modifiers"), "'modifiers'")
    return Alternative(permission, diseases, tuple(_modifier(row) for row in rows))


def _modifier(obj: object) -> Modifier:
    data = reading.as_object(obj, {"code", "value"}, Filled(_("A modifier")))
    code = _code(data.get("code"), MODIFIERS, _MODIFIER_WORDS)
    return Modifier(code, _VALUES.get(code, _no_value)(data.get("value"), Filled(_("The value of {code}"), code=code)))


def _code(value: object, known: frozenset[str], words: tuple[str, str, str]) -> str:
    called, missing, unknown = words
    name = reading.as_text(value, Filled(called))
    if name is None:
        raise TermsError(missing)
    code = code_of(name)
    if code is None or code not in known:
        raise TermsError(Filled(unknown, name=reading.shown(name)))
    return code


def _no_value(value: object, what: str) -> None:
    if not (value is None or value is True or value == ""):
        raise TermsError(Filled(_("{what} must be left out: this code takes none."), what=what))


def _names(value: object, what: str) -> tuple[str, ...] | None:
    return reading.as_texts([value] if isinstance(value, str) else value, what) or None


def _countries(value: object, what: str) -> tuple[str, ...] | None:
    return reading.as_countries([value] if isinstance(value, str) else value, what) or None


def _remark(value: object, what: str) -> str | None:
    return None if value is True else reading.as_text(value, what)


def _months_or_date(value: object, what: str) -> int | str | None:
    if isinstance(value, str) and (months := _MONTHS.fullmatch(value.strip())):
        value = int(months[1])
    if isinstance(value, float) and value.is_integer():  # JSON does not tell 12.0 from 12
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if not 1 <= value <= 1200:
            raise TermsError(Filled(_("{what} must be between 1 and 1200 months."), what=what))
        return value
    day = reading.as_date(value, Filled(_("{what} (months as a number, or a date)"), what=what))
    return day.isoformat() if day else None


_VALUES: Final[dict[str, Callable[[object, str], Value]]] = {
    "GS": _countries,
    "US": _names,
    "IS": _names,
    "PS": _names,
    "TS": _months_or_date,
    "MOR": _months_or_date,
    "RS": _remark,
    "IRB": _remark,
    "PUB": _remark,
    "COL": _remark,
    "RTN": _remark,
}
