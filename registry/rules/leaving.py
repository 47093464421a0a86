"""Where the bytes of a clean image may go. Every door through which they could go asks here. Plain Python."""

from enum import StrEnum


class Way(StrEnum):
    """A way that an image's bytes can take."""

    SANDBOX = "sandbox"  # into a training job's folder, which nothing leaves unreviewed
    OUTSIDE = "outside"  # to a person or another system: a download, an export


def may_go(*, undefaced_head: bool, way: Way) -> bool:
    """Whether an image may take this way: one of which a face could be made stays in the sandbox."""
    return way is Way.SANDBOX or not undefaced_head
