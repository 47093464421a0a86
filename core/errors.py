"""Refusals: every 'no' is a sentence that a person can read and act on; none holds a personal value."""

from http import HTTPStatus


class Refused(Exception):
    """Something asked for was not done. `sentence` is shown as it is; `code` is for programs."""

    status = HTTPStatus.BAD_REQUEST
    default_code = "refused"

    def __init__(self, sentence: str, code: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code or self.default_code


class Invalid(Refused):
    """What was sent cannot be used; `fields` says which part and why (field name -> sentence)."""

    default_code = "invalid"

    def __init__(self, sentence: str, code: str | None = None, fields: dict[str, str] | None = None) -> None:
        super().__init__(sentence, code)
        self.fields = fields or {}


class NotAllowed(Refused):
    """This person may not do this (the thing itself is theirs to see)."""

    status = HTTPStatus.FORBIDDEN
    default_code = "not_allowed"


class Conflict(Refused):
    """It cannot happen now: someone else acted first, or the state does not allow it."""

    status = HTTPStatus.CONFLICT
    default_code = "conflict"


class Missing(Refused):
    """There is no such thing for this person (also the answer for what is not theirs)."""

    status = HTTPStatus.NOT_FOUND
    default_code = "missing"


class Unavailable(Refused):
    """A part that this needs (store, sandbox) cannot be reached now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = "unavailable"


class Gone(Refused):
    """It was there for this person, and is over."""

    status = HTTPStatus.GONE
    default_code = "gone"


class TooMuch(Refused):
    """It is larger, or together with the rest more, than can be taken."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "too_much"


class TooMany(Refused):
    """It was asked for too often; the same can be asked again later."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    default_code = "too_many"
