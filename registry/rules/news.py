"""What a donor is told of the use of their gift. Plain Python."""

from enum import StrEnum


class News(StrEnum):
    """What happened; each is told once of each thing (a grant, a training)."""

    GRANTED = "granted"  # a project has signed: it may use them
    USED = "used"  # a training that was given them has ended well
    RELEASED = "released"  # something that came out of it was let go
