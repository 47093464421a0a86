"""What a form that is published may name as a place: countries of ISO 3166, and parts of them."""

from collections.abc import Iterable

from consent.rules import reading
from consent.rules.form_content import FormError
from consent.rules.forms import Choice
from core.texts import Filled
from core.texts import gettext_noop as _


def require_places(choices: Iterable[Choice]) -> None:
    """Raises FormError for a choice that names what is no country, nor a part of one: it would permit no place at all.

    Asked when a form is published, and not when one that was published before is read.
    """
    for choice in choices:
        listed = choice.value if choice.term == "GS" and isinstance(choice.value, tuple) else ()
        unknown = [place for place in listed if not reading.is_in_a_country(place)]
        if unknown:
            sentence = _(
                "The choice {code} names {place}, which is no country of ISO 3166. Correct it before publishing."
            )
            raise FormError(Filled(sentence, code=reading.shown(choice.code), place=reading.shown(unknown[0])))
