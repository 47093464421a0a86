"""What boto3 is given to read, what it gives, and what its errors mean to us."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import RawIOBase
from typing import Any, BinaryIO

from botocore.exceptions import BotoCoreError, ClientError

from core.storage.interface import AlreadyThere, NoSuchObject, StoreUnreachable

GONE = {"NoSuchKey", "404", "NotFound", "NoSuchBucket"}
#: Of an empty object there is no first byte.
NO_RANGE = {"InvalidRange", "416"}
TAKEN = {"PreconditionFailed", "412", "ConditionalRequestConflict", "409"}


def code_of(error: ClientError) -> str:
    """The store's own word for what is wrong."""
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def doing(deed: str) -> Iterator[None]:
    """Turns boto3's errors into NoSuchObject (to `read`), AlreadyThere or StoreUnreachable; none names an object."""
    try:
        yield
    except ClientError as error:
        if deed == "read" and code_of(error) in GONE:
            raise NoSuchObject from None
        if code_of(error) in TAKEN:
            raise AlreadyThere from None
        raise StoreUnreachable.while_it(deed, error) from None
    except BotoCoreError as error:
        raise StoreUnreachable.while_it(deed, error) from None


class SourceBroke(Exception):
    """Reading what was to be sent failed, by this `error`.

    It goes through boto3 as it is. A lost connection to whoever sends would be taken for a lost one to the store: boto3
    raises it in the middle of the other parts, too.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


class Full:
    """A reader that counts what it reads, and reads on until it has what was asked for or nothing is left.

    boto3 makes a part of each read, and a store refuses parts that are too short.
    """

    def __init__(self, source: BinaryIO) -> None:
        self.source, self.size, self.ahead = source, 0, b""

    def look(self, amount: int) -> bytes:
        """The next bytes, which `read` gives again."""
        self.ahead = self._read(amount)
        return self.ahead

    def read(self, amount: int = -1) -> bytes:
        """`amount` bytes, or fewer at the end; all that is left where it is negative. Raises SourceBroke."""
        try:
            return self._read(amount)
        except Exception as error:
            raise SourceBroke(error) from error

    def _read(self, amount: int) -> bytes:
        first = self.ahead if amount < 0 else self.ahead[:amount]
        self.ahead = self.ahead[len(first) :]
        parts, left = [first], amount if amount < 0 else amount - len(first)
        while left and (part := self.source.read(left)):
            self.size += len(part)
            parts.append(part)
            left = left if left < 0 else left - len(part)
        return b"".join(parts)


class Body(RawIOBase):
    """What S3 sends, as a file whose failures are the store's."""

    def __init__(self, body: Any) -> None:
        self.body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        with doing("read"):
            data = self.body.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self.body.close()
        super().close()
