"""Sends the newest head to outside witnesses (C2SP tlog-witness), so that a forked log cannot hide for long."""

import base64
import http.client
import urllib.error
import urllib.request
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from core.audit import tree
from core.audit.models import SignedHead, Witness
from core.canonical import sha256_hex
from core.merkle import cosignature, note

TIMEOUT, MOST_BYTES = 20, 10_000
CONFLICT, UNPROVED = 409, 422


class WitnessError(Exception):
    """A witness did not take the head. The due work is tried again, and the stewards see the code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def known() -> list[Witness]:
    """A row for each configured address, made when it is first seen."""
    found = []
    for address in settings.LOG_WITNESSES:
        name = (urlsplit(address).hostname or "")[:120]
        found.append(Witness.objects.get_or_create(digest=sha256_hex(address), defaults={"name": name})[0])
    return found


def behind() -> list[UUID]:
    """The witnesses that have not seen the newest head; for the sweep."""
    size = SignedHead.objects.order_by("-size").values_list("size", flat=True).first() or 0
    return [witness.pk for witness in known() if _wants(witness, size)]


def _wants(witness: Witness, size: int) -> bool:
    """Whether it has not taken the head, or took it and its answer was lost."""
    return witness.size != size or (size > 0 and witness.failing_since is not None)


def failing() -> list[Witness]:
    """Configured witnesses that do not take heads at the moment, longest failing first."""
    wanted = [sha256_hex(address) for address in settings.LOG_WITNESSES]
    return list(Witness.objects.filter(digest__in=wanted, failing_since__isnull=False).order_by("failing_since"))


def push(witness_id: UUID) -> datetime | None:
    """Sends one witness the newest head with the proof that its log begins with what the witness saw before.

    Raises WitnessError, so that it is tried again after a pause. A witness that knows another size is asked at once.
    """
    witness = Witness.objects.filter(pk=witness_id).first()
    address = {sha256_hex(each): each for each in settings.LOG_WITNESSES}.get(witness.digest if witness else "")
    head = SignedHead.objects.order_by("-size").first()
    if witness is None or address is None or head is None or not _wants(witness, head.size):
        return None
    if witness.size > head.size:
        raise _failed(witness, "knows_a_longer_log")
    status, answer = _post(witness, address, body(witness.size, head))
    if status == CONFLICT and answer.strip().isdecimal() and int(answer) != witness.size:
        Witness.objects.filter(pk=witness.pk).update(size=int(answer))
        return timezone.now()
    if not 200 <= status < 300:
        raise _failed(witness, "sees_a_fork" if status == UNPROVED else f"http_{status}")
    cosigned = _checked(witness, head, answer)
    Witness.objects.filter(pk=witness.pk).update(
        size=head.size, seen_at=timezone.now(), cosigned=cosigned, failing_since=None, last_error=""
    )
    return None


def _checked(witness: Witness, head: SignedHead, answer: str) -> str:
    """What is kept of an answer: the cosignatures that verify, or, where no key is known, what looks like some.

    Raises WitnessError where keys are known and a cosignature is by none of them, or does not verify.
    """
    lines = answer.splitlines()
    if not all(line.startswith("\u2014 ") for line in lines):
        return ""
    if not settings.LOG_WITNESS_KEYS:
        return answer
    try:
        seen = _seen(head, lines)
    except note.NoteError:
        raise _failed(witness, "cosignature_is_wrong") from None
    if lines and not seen:
        raise _failed(witness, "cosigned_by_an_unknown_key")
    return "".join(f"{each.line}\n" for each in seen)


def cosignatures(head: SignedHead) -> list[cosignature.Seen]:
    """The witnesses' signatures of this head that verify now, by name."""
    found = dict[str, cosignature.Seen]()
    if not settings.LOG_WITNESS_KEYS:
        return []
    for witness in Witness.objects.filter(size=head.size).exclude(cosigned=""):
        try:
            seen = _seen(head, witness.cosigned.splitlines())
        except note.NoteError:
            continue
        found |= {each.line: each for each in seen}
    return sorted(found.values(), key=lambda each: each.name)


def _seen(head: SignedHead, lines: list[str]) -> list[cosignature.Seen]:
    """Those of the lines that witnesses with known keys signed of this head; raises NoteError where one is wrong."""
    return cosignature.check(note.parse(head.note)[0], lines, settings.LOG_WITNESS_KEYS)


def body(old: int, head: SignedHead) -> str:
    """The request: the size that the witness knows, the consistency proof from there, and the signed head."""
    proof = [base64.b64encode(each).decode() for each in tree.consistency(old, head.size)]
    return "\n".join([f"old {old}", *proof, "", head.note])


def _post(witness: Witness, address: str, text: str) -> tuple[int, str]:
    request = urllib.request.Request(address, text.encode(), {"Content-Type": "text/plain; charset=utf-8"})  # noqa: S310
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=TIMEOUT) as answer:
            return answer.status, answer.read(MOST_BYTES).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(MOST_BYTES).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException, ValueError):
        raise _failed(witness, "unreachable") from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The operator named one address; whoever answers there does not choose another."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def _failed(witness: Witness, code: str) -> WitnessError:
    since = witness.failing_since or timezone.now()
    Witness.objects.filter(pk=witness.pk).update(failing_since=since, last_error=code)
    return WitnessError(code)
