"""Tells digits that are a number or a date from the same digits inside a longer one, as in a UID or a hash."""

_LONGEST_WRITTEN = 20  # digits: date and time down to microseconds; longer runs are UIDs and hashes
_DIGITS = frozenset(b"0123456789")


def stands_alone(text: bytes, start: int, spelling: bytes) -> bool:
    """Whether what was found counts: always, unless it is all digits and part of a run too long to be one.

    A date of eight digits must also begin its run, and what follows must be nothing or a time of day (PS3.5 DT).
    """
    if not spelling.isdigit():
        return True
    first, end = start, start + len(spelling)
    while first > 0 and text[first - 1] in _DIGITS and start - first <= _LONGEST_WRITTEN:
        first -= 1
    while end < len(text) and text[end] in _DIGITS and end - start <= _LONGEST_WRITTEN:
        end += 1
    if end - first > _LONGEST_WRITTEN:
        return False
    return len(spelling) != 8 or (first == start and _is_time(text[start + 8 : end]))


def _is_time(digits: bytes) -> bool:
    """Whether the digits are empty or begin as hours and minutes do."""
    if not digits:
        return True
    return len(digits) in range(2, 13) and digits[:2] < b"24" and digits[2:4] < b"60"
