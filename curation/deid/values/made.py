"""What a subject's key makes of values, each made once: new UIDs, the pseudonym, by how many days dates move."""

from functools import cached_property

from . import pseudonyms
from .dates import days_back, shifted_date
from .keys import keyed
from .lent import Asked, Lent, code_asked, group_asked, urn_asked

# So many values are remembered; then it begins anew.
_MOST = 20_000


class Made:
    """The values of one subject, for as long as its files are cleaned. `group_key` makes those of sites and devices."""

    def __init__(self, key: bytes, group_key: bytes, lent: Lent | None = None) -> None:
        """`lent`: what goes before the group key where it has a number."""
        self._key = key
        self._group_key = group_key
        self._lent = lent
        self._uids: dict[bytes, bytes] = {}
        self._groups: dict[tuple[str, bytes], bytes] = {}
        self._codes: dict[tuple[str, bytes, bool], bytes] = {}
        self._dates: dict[bytes, bytes | None] = {}

    @cached_property
    def days(self) -> int:
        """By how many days the subject's dates move back."""
        return days_back(self._key)

    @cached_property
    def name(self) -> bytes:
        """The subject's pseudonym."""
        return pseudonyms.pseudonym(self._key)

    def uid(self, uid: bytes) -> bytes:
        """The UID that stands for this one."""
        new = self._uids.get(uid)
        if new is None:
            if len(self._uids) >= _MOST:
                self._uids.clear()
            new = self._uids[uid] = pseudonyms.keyed_uid(self._key, uid)
        return new

    def date(self, value: bytes) -> bytes | None:
        """A DA value moved back by the subject's days, in the form it had; None when it is not a date."""
        if value not in self._dates:
            if len(self._dates) >= _MOST:
                self._dates.clear()
            self._dates[value] = shifted_date(value, self.days)
        return self._dates[value]

    def group(self, kind: str, value: bytes) -> bytes:
        """The name that stands for a site or device."""
        name = self._groups.get((kind, value))
        if name is None:
            if len(self._groups) >= _MOST:
                self._groups.clear()
            name = self._groups[kind, value] = pseudonyms.grouping(self._shared(group_asked(kind, value)))
        return name

    def code(self, scheme: str, value: bytes, *, is_long: bool) -> bytes:
        """The code that stands for one of a local scheme."""
        place = scheme, value, is_long
        code = self._codes.get(place)
        if code is None:
            if len(self._codes) >= _MOST:
                self._codes.clear()
            number = self._shared(code_asked(scheme, value))
            code = self._codes[place] = pseudonyms.local_code(number, is_long=is_long)
        return code

    def urn(self, value: bytes) -> bytes:
        """The UID that stands for a code that is a URN."""
        return pseudonyms.uid_of(self._shared(urn_asked(value)))

    def _shared(self, asked: Asked) -> int:
        number = self._lent.number(asked) if self._lent else None
        return keyed(self._group_key, *asked) if number is None else number
