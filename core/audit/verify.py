#!/usr/bin/env python3
"""Checks a receipt of a Donara registry without asking anybody: one file, Python 3.9 or newer, nothing to install.

    python verify.py receipt.json [--key KEY] [--earlier FILE ...] [--proof FILE ...] [--witness KEY ...]

It checks that the receipt says what was signed (text, choices, terms, time, form and language), that exactly this was
entered in the registry's log (commitment, leaf, inclusion proof), and that the registry has signed the head of that log
(Ed25519). Nothing is sent anywhere.

    --key KEY       the registry's public key as you had it from elsewhere: a line, or a file with lines. Without it the
                    key in the receipt is used, and you should compare it yourself with the one that is published.
    --earlier FILE  a head, or an older receipt, that you kept: is everything that was in the log then still in it?
    --proof FILE    a consistency proof from the registry's address /log/consistency/, where the receipt has none for
                    the earlier head.
    --witness KEY   the public key of a witness outside the registry: has it signed a head in these files, and when?

Ends with 0 when everything holds, 1 when something does not, 2 when something could not be checked.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import hmac
import json
import re
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from typing import IO, Any

HASH, HEX = 32, re.compile("[0-9a-f]{64}")
#: A point of the curve; the log's name, its size and its hash; names and keys; what a JSON file holds.
Point = tuple[int, int, int, int]
Head = tuple[str, int, bytes]
Keys = list[tuple[str, bytes]]
Json = dict[str, Any]


class Broken(Exception):
    """Something does not hold."""


class Unknown(Exception):
    """Something cannot be checked with what was given."""


# Ed25519 (RFC 8032, section 5.1), checking only. Slow beside C, and fast enough for a receipt.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def recover_x(y: int, sign: int) -> int | None:
    """The x of a point with this y, or None where no point has it."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return P - x if (x & 1) != sign else x


def decode_point(data: bytes) -> Point | None:
    """The point that 32 bytes stand for, in extended coordinates, or None."""
    number = int.from_bytes(data, "little")
    y = number & ((1 << 255) - 1)
    x = recover_x(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


def encode_point(point: Point) -> bytes:
    """A point as 32 bytes."""
    x, y, z, _ = point
    inverse = pow(z, P - 2, P)
    x, y = x * inverse % P, y * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def add_points(one: Point, other: Point) -> Point:
    """The sum of two points."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(number: int, point: Point) -> Point:
    """The point added to itself so many times."""
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = add_points(found, point)
        point = add_points(point, point)
        number >>= 1
    return found


BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def is_signed(public: bytes, text: bytes, signature: bytes) -> bool:
    """Whether `signature` is an Ed25519 signature of `text` by the key `public`."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, scalar = decode_point(public), int.from_bytes(signature[32:], "little")
    if key is None or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + text).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    minus_key = (P - key[0], key[1], 1, P - key[3])
    return encode_point(add_points(times(scalar, BASE), times(challenge, minus_key))) == signature[:32]


# Merkle trees (RFC 6962, section 2.1). The proofs are walked from the top, as the RFC defines them.


def leaf_hash(data: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two below `size`."""
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def root_of_path(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """The head that an inclusion proof leads to; raises Broken where the proof has the wrong length."""
    if not 0 <= index < size:
        raise Broken("the entry's number lies outside the log")
    if size == 1:
        if proof:
            raise Broken("the inclusion proof is too long")
        return leaf
    if not proof:
        raise Broken("the inclusion proof is too short")
    middle = split(size)
    if index < middle:
        return node_hash(root_of_path(leaf, index, middle, proof[:-1]), proof[-1])
    return node_hash(proof[-1], root_of_path(leaf, index - middle, size - middle, proof[:-1]))


def roots_of_growth(first: int, second: int, proof: list[bytes], known: bytes | None) -> tuple[bytes, bytes]:
    """The two heads that a consistency proof leads to; `known` is the old head while it is a part of its own."""
    if first == second:
        if known is not None:
            if proof:
                raise Broken("the consistency proof is too long")
            return known, known
        if len(proof) != 1:
            raise Broken("the consistency proof has the wrong length")
        return proof[0], proof[0]
    if not proof:
        raise Broken("the consistency proof is too short")
    middle = split(second)
    if first <= middle:
        old, new = roots_of_growth(first, middle, proof[:-1], known)
        return old, node_hash(new, proof[-1])
    old, new = roots_of_growth(first - middle, second - middle, proof[:-1], None)
    return node_hash(proof[-1], old), node_hash(proof[-1], new)


def check_growth(earlier: Head, later: Head, proof: list[bytes]) -> None:
    """Raises Broken unless the proof shows that the log of the later head begins with that of the earlier one."""
    (first, old), (second, new) = earlier[1:], later[1:]
    if first > second:
        raise Broken("the log has become shorter")
    if first == second:
        if old != new or proof:
            raise Broken("there are two different logs of the same size: the log was forked")
        return
    if first == 0:
        if old != hashlib.sha256().digest() or proof:
            raise Broken("the earlier head is not that of an empty log")
        return
    if roots_of_growth(first, second, proof, old) != (old, new):
        raise Broken("the log no longer begins with what it held then: it was forked, or something in it was changed")


# Signed heads: C2SP signed notes with Ed25519.


def decoded(text: str) -> bytes:
    """What base64 stands for; raises Broken."""
    try:
        found = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeError):
        raise Broken("this is not base64") from None
    if base64.b64encode(found).decode() != text:
        raise Broken("this is base64 with bits that mean nothing")
    return found


#: The types of the signatures of a registry and of a witness (C2SP tlog-cosignature, version 1).
REGISTRY, WITNESS = b"\x01", b"\x04"


def key_number(name: str, public: bytes, kind: bytes = REGISTRY) -> bytes:
    """Four bytes that name a key."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def parse_key(line: str, kind: bytes = REGISTRY) -> tuple[str, bytes]:
    """Name and bytes of a public key written as one line; raises Broken."""
    name, _, rest = line.strip().partition("+")
    number, _, encoded = rest.partition("+")
    blob = decoded(encoded)
    if not name or len(blob) != 33 or blob[:1] != kind or number != key_number(name, blob[1:], kind).hex():
        raise Broken("this is no public key of a log, or of a witness: " + line.strip()[:80])
    return name, blob[1:]


def read_head(note: str, keys: Keys) -> Head:
    """(log, size, root) of a signed head; raises Broken unless one of the keys has signed it."""
    text, gap, signatures = note.partition("\n\n")
    lines = text.split("\n")
    if not gap or len(lines) != 3 or not lines[0] or not re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]):
        raise Broken("this is no signed head of a log")
    root = decoded(lines[2])
    if len(root) != HASH or base64.b64encode(root).decode() != lines[2] or not signatures.endswith("\n"):
        raise Broken("this is no signed head of a log")
    for line in signatures[:-1].split("\n"):
        found = re.fullmatch("\u2014 ([^\\s+]+) ([A-Za-z0-9+/]+={0,2})", line)
        if found is None:
            raise Broken("a signature line cannot be read")
        blob = decoded(found.group(2))
        for name, public in keys:
            ours = found.group(1) == name == lines[0] and blob[:4] == key_number(name, public)
            if ours and is_signed(public, (text + "\n").encode(), blob[4:]):
                return lines[0], int(lines[1]), root
    raise Broken("the head of the log is not signed by the registry's key")


def check_witnesses(note: str, witnesses: Keys) -> list[str]:
    """Which of these witnesses has signed a head, and when by its clock; raises Broken where one's does not verify."""
    text, _, signatures = note.partition("\n\n")
    seen = []
    for line in signatures.splitlines():
        signer, _, encoded = line.removeprefix("\u2014 ").partition(" ")
        blob = decoded(encoded)
        for name, public in witnesses:
            if signer != name or blob[:4] != key_number(name, public, WITNESS):
                continue
            at = int.from_bytes(blob[4:12], "big")
            if not is_signed(public, f"cosignature/v1\ntime {at}\n{text}\n".encode(), blob[12:]):
                raise Broken(f"the signature of the witness {name} is not its own")
            seen.append(f"{name} ({datetime.fromtimestamp(at, timezone.utc).isoformat()})")
    return seen


def witness_heads(documents: list[Json], keys: Keys, witnesses: Keys, report: Report) -> None:
    """Says which heads in these files witnesses have signed; not checked where none is."""
    notes = {head["note"] for document in documents for head in heads_of(document)}
    found = False
    for note in sorted(notes):
        try:
            size = read_head(note, keys)[1]
            seen = check_witnesses(note, witnesses)
        except (Broken, OverflowError, OSError, ValueError) as error:
            report.say("DOES NOT HOLD", f"Witnesses: {error}.", 1)
            found = True
            continue
        for each in seen:
            report.say("holds", f"The log of {size} entries was seen by the witness {each}.", 0)
        found = found or bool(seen)
    if not found:
        words = "No head in these files is signed by a witness that you named: add one from /log/ with --earlier."
        report.say("not checked", words, 2)


def head_of(document: Json, keys: Keys) -> Head:
    """The head in a registry's JSON; raises Broken where its note is not signed, or where the rest says otherwise."""
    head = read_head(document["note"], keys)
    if document.get("size", head[1]) != head[1] or document.get("root", head[2].hex()) != head[2].hex():
        raise Broken("the head's size or hash is not what was signed")
    return head


# Receipts.


def canonical(value: Any) -> bytes:
    """A value as the registry writes it before hashing (RFC 8785, for text, whole numbers, lists and objects)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def hash_of(text: Any) -> bytes:
    """The 32 bytes that 64 hexadecimal digits stand for; raises Broken."""
    if not isinstance(text, str) or not HEX.fullmatch(text):
        raise Broken(f"this is no hash: {text!r}")
    return bytes.fromhex(text)


def same(found: Any, expected: Any, what: str) -> None:
    """Raises Broken unless both are equal."""
    if found != expected:
        raise Broken(f"{what} is not what was entered in the log")


def check_leaf(entry: Json) -> tuple[bytes, int]:
    """The leaf's hash and number, once all that the entry says leads to it; raises Broken."""
    leaf = entry["leaf"]
    if set(leaf) != {"chain", "commitment", "index", "type"} or leaf["type"] != "donara.event.v1":
        raise Broken("the leaf is of a kind that this program does not know")
    if not isinstance(leaf["index"], int) or isinstance(leaf["index"], bool):
        raise Broken("the leaf has no number")
    hash_of(leaf["chain"])
    if entry.get("event") is not None:
        made = hmac.new(hash_of(entry["salt"]), canonical(entry["event"]), hashlib.sha256).digest()
        same(made, hash_of(leaf["commitment"]), "the event")
    found = leaf_hash(canonical(leaf))
    same(found, hash_of(entry["leaf_hash"]), "the leaf")
    return found, leaf["index"]


def check_entry(entry: Json, head: Head) -> None:
    """Raises Broken unless the entry lies in the log of this head."""
    leaf, index = check_leaf(entry)
    if root_of_path(leaf, index, head[1], [hash_of(each) for each in entry["inclusion"]]) != head[2]:
        raise Broken(f"entry {index} is not in the log that the registry has signed")


def event_of(entry: Json) -> Json | None:
    """The event of an entry and what it says, or None where its salt was destroyed."""
    event = entry.get("event")
    return None if event is None else dict(event, data=json.loads(event["data"]))


#: What a signature means, and the deed that the log then holds.
DEEDS = {
    "consent": "consent.signed",
    "change": "consent.changed",
    "renewal": "consent.changed",
    "resume": "consent.new_allowed",
}


def check_consent(receipt: Json, entry: Json) -> None:
    """Raises Broken unless the entry is about just this receipt's text and choices."""
    for what in ("form", "choices"):
        body = receipt[what]["content" if what == "form" else "chosen"]
        found = hashlib.sha256(canonical(body)).hexdigest()
        same(found, receipt[what]["sha256"], "the text" if what == "form" else "the choice")
    event = event_of(entry)
    if event is None:
        raise Unknown("The event's salt was destroyed, so nobody can tell any more what this entry is about.")
    same(event["verb"], DEEDS.get(receipt["meaning"]), "the deed")
    same(event["subject"], receipt["donor"], "the donor's number")
    data = event["data"]
    if "signature" not in data:
        raise Unknown("This was entered by an older registry, which did not enter the text's and choices' hashes.")
    same(data["signature"], receipt["id"], "the receipt's number")
    same(data["text"], receipt["form"]["sha256"], "the text")
    same(data["choices"], receipt["choices"]["sha256"], "the choice")
    same(data["name"], receipt["name_commitment"], "the name's commitment")
    if receipt["terms"] is None:
        raise Broken("the terms that were entered in the log are missing")
    same(hashlib.sha256(canonical(receipt["terms"])).hexdigest(), data["terms"], "what the donor allowed (terms)")
    if data.get("meaning", receipt["meaning"]) != receipt["meaning"]:
        raise Broken("what the signature means is not what was entered in the log")
    check_circumstances(receipt, event["at"], data)


#: Where a receipt shows what the log holds under another name.
CIRCUMSTANCES: dict[str, tuple[str, Callable[[Json], Any]]] = {
    "signed_at": ("the time of signing", lambda receipt: receipt["signed_at"]),
    "programme": ("the programme", lambda receipt: receipt["programme"]),
    "language": ("the language", lambda receipt: receipt["language"]),
    "version": ("the form's version", lambda receipt: receipt["form"]["version"]),
}
#: An event is entered within so many seconds of the signature that it tells of.
AT_ONCE = 60


def check_circumstances(receipt: Json, at: str, data: Json) -> None:
    """Raises Broken unless time, programme, language and version are those entered, Unknown where none were."""
    for name, (what, shown) in CIRCUMSTANCES.items():
        if name in data:
            same(shown(receipt), data[name], what)
    apart = datetime.fromisoformat(at) - datetime.fromisoformat(receipt["signed_at"])
    if abs(apart.total_seconds()) > AT_ONCE:
        raise Broken("the time of signing is not that of the entry in the log")
    missing = [what for name, (what, _) in CIRCUMSTANCES.items() if name not in data]
    if missing:
        raise Unknown("An older registry did not enter " + ", ".join(missing) + "; the rest is as it was entered.")


#: The deeds that begin a withdrawal, and the one that ends it.
BEGUN, ENDED = ("consent.withdrawn", "consent.limited", "consent.erasure_asked"), "consent.withdrawal.complete"


def moment(text: str) -> datetime:
    """A time as the registry writes it."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def check_withdrawal(receipt: Json, entry: Json) -> None:
    """Raises Broken unless the entry is about just this withdrawal, and the certificate in it is the one signed off."""
    event = event_of(entry)
    if event is None:
        raise Unknown("The event's salt was destroyed, so nobody can tell any more what this entry is about.")
    if event["verb"] in BEGUN:
        check_begun(receipt, event)
        return
    check_ended(receipt["id"], receipt.get("certificate"), event)
    check_steps(receipt, receipt["certificate"])


def check_begun(receipt: Json, event: Json) -> None:
    """Raises Broken unless the event tells of the beginning of this withdrawal; Unknown where it tells too little."""
    data = event["data"]
    same(data["withdrawal"], receipt["id"], "the withdrawal's number")
    same(data["kind"], receipt["kind"], "the kind of withdrawal")
    same(event["subject"], receipt["donor"], "the donor's number")
    if abs((moment(event["at"]) - moment(receipt["effective_at"])).total_seconds()) > AT_ONCE:
        raise Broken("the time of the withdrawal is not that of the entry in the log")
    if "programme" not in data:
        raise Unknown("An older registry did not enter the programme's name; the rest is as it was entered.")
    same(receipt["programme"], data["programme"], "the programme")
    same(receipt["effective_at"], data["effective_at"], "the time of the withdrawal")


def check_ended(number: str, certificate: Json | None, event: Json) -> None:
    """Raises Broken unless the event signs off this certificate of the withdrawal of this number."""
    same(event["verb"], ENDED, "the deed")
    same(event["subject"], number, "the withdrawal's number")
    if certificate is None:
        raise Unknown("There is no certificate in this file, so nobody can tell what was done. Load it again.")
    same(hashlib.sha256(canonical(certificate)).hexdigest(), event["data"]["why"], "the certificate")
    same(certificate["withdrawal"], number, "the certificate's withdrawal")
    same(certificate["programme"], event["programme"], "the certificate's programme")


def check_steps(receipt: Json, certificate: Json) -> None:
    """Raises Broken unless a record shows just what its certificate, which was signed off, says."""
    same(receipt["state"], "complete", "the state")
    same(receipt["kind"], certificate["kind"], "the kind of withdrawal")
    for name in ("effective_at", "completed_at"):
        same(moment(receipt[name]), moment(certificate[name]), name)
    same(len(receipt["steps"]), len(certificate["steps"]), "the number of steps")
    for number, signed in enumerate(certificate["steps"]):
        step = receipt["steps"][number]
        same(step["state"], "done", "a step's state")
        same(moment(step["done_at"]), moment(signed["done_at"]), "a step's time")
        for name in ("duty", "title", "proof"):
            same(step[name], signed[name], "a step's " + name)


def check_told(receipt: Json) -> None:
    """Raises Unknown where a record shows what none of its entries speaks of."""
    events = [event_of(entry) for entry in receipt["log"]["entries"]]
    verbs = {event["verb"] for event in events if event is not None}
    if ENDED not in verbs:
        raise Unknown("What was done, and when, is entered in the log when the last step is done, and not before.")
    if not verbs.intersection(BEGUN):
        raise Unknown("No entry that can still be read says which donor withdrew, and from which programme.")


def check_certificate(receipt: Json, entry: Json) -> None:
    """Raises Broken unless the entry signs off just this certificate."""
    event = event_of(entry)
    if event is None:
        raise Unknown("The event's salt was destroyed, so nobody can tell any more what this entry is about.")
    check_ended(receipt["certificate"]["withdrawal"], receipt["certificate"], event)
    same(receipt["sha256"], event["data"]["why"], "the certificate's SHA-256")


CHECKS = {
    "consent receipt": check_consent,
    "withdrawal record": check_withdrawal,
    "withdrawal certificate": check_certificate,
}


class Report:
    """Says what was found, line by line, and remembers the worst."""

    def __init__(self, out: IO[str]) -> None:
        self.out, self.code = out, 0

    def step(self, words: str, check: Any, *parts: Any) -> Any:
        """Runs one check; returns what it returned, or None."""
        try:
            found = check(*parts)
        except Broken as broken:
            self.say("DOES NOT HOLD", f"{words}: {broken}.", 1)
        except Unknown as unknown:
            self.say("not checked", f"{words}: {unknown}", 2)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            self.say("DOES NOT HOLD", f"{words}: it cannot be read ({type(error).__name__}).", 1)
        else:
            self.say("holds", words + ".", 0)
            return found
        return None

    def say(self, verdict: str, words: str, code: int) -> None:
        """One line; 1 (broken) is worse than 2 (not checked), and 2 than 0."""
        self.out.write(f"{verdict:<14} {words}\n")
        if code and self.code != 1:
            self.code = code


def check_receipt(receipt: Json, keys: Keys, report: Report) -> list[Head]:
    """Every check that needs nothing but the receipt and a key; returns the heads that hold."""
    log = receipt["log"]
    heads = []
    if not log["entries"]:
        report.say("not checked", "There is no entry of the log in this file.", 2)
    for number, entry in enumerate(log["entries"], 1):
        of = f"Entry {number} of {len(log['entries'])}"
        head = report.step(of + ": the registry signed the head of its log", head_of, entry["head"], keys)
        if head is not None:
            heads.append(head)
            report.step(of + ": it is in the log", check_entry, entry, head)
        report.step(of + ": it says what this receipt says", CHECKS[receipt["type"]], receipt, entry)
        if entry.get("newest") and head is not None:
            newest = report.step(of + ": a newer head is signed", head_of, entry["newest"]["head"], keys)
            proof = [hash_of(each) for each in entry["newest"]["consistency"]]
            if newest is not None:
                heads.append(newest)
                words = f"{of}: the newer log ({newest[1]} entries) holds all of the older one ({head[1]})"
                report.step(words, check_growth, head, newest, proof)
    if receipt["type"] == "withdrawal record":
        report.step("The log speaks of all that this record shows", check_told, receipt)
    if "stays" in receipt:
        report.say("note", "What stays ('stays') the registry says of every withdrawal; it is not in the log.", 0)
    return heads


def proofs_in(document: Json) -> dict[tuple[int, ...], list[bytes]]:
    """The consistency proofs in a receipt or in a file of the registry, as {(first, second): hashes}."""
    found: dict[tuple[int, ...], list[bytes]] = {}
    if "consistency" in document and "first" in document:
        sizes = (document["first"], document["second"])
        found[sizes] = [hash_of(each) for each in document["consistency"]]
    for entry in (document.get("log") or {}).get("entries", []):
        if entry.get("newest"):
            notes = (entry["head"]["note"], entry["newest"]["head"]["note"])
            found[tuple(int(note.split("\n")[1]) for note in notes)] = [
                hash_of(each) for each in entry["newest"]["consistency"]
            ]
    return found


def heads_in(document: Json, keys: Keys) -> list[Head]:
    """The signed heads in a head's file or in a receipt; raises Broken where one is not signed."""
    heads = heads_of(document)
    if not heads:
        raise Broken("there is no signed head in it")
    return [head_of(head, keys) for head in heads]


def heads_of(document: Json) -> list[Json]:
    """The signed heads in a head's file or in a receipt, not checked."""
    heads = [document] if "note" in document else []
    for entry in (document.get("log") or {}).get("entries", []):
        heads += [entry["head"]] + ([entry["newest"]["head"]] if entry.get("newest") else [])
    return heads


def compare(
    earlier: Head,
    heads: list[Head],
    proofs: dict[tuple[int, ...], list[bytes]],
) -> None:
    """Raises Broken where an earlier head belongs to another log, Unknown where a proof is missing."""
    if all(head[0] != earlier[0] for head in heads):
        raise Unknown(f"it is of another log ({earlier[0]}).")
    linked = False
    for head in heads:
        old, new = sorted([earlier, head], key=lambda each: each[1])
        if old[1] == new[1]:
            check_growth(old, new, [])
            linked = True
        elif (old[1], new[1]) in proofs:
            check_growth(old, new, proofs[old[1], new[1]])
            linked = True
    if not linked:
        first, second = sorted([earlier[1], heads[-1][1]])
        raise Unknown(
            f"get the proof from the registry at /log/consistency/?first={first}&second={second}, keep it as a file, "
            "and name it with --proof."
        )


def read_json(path: str) -> Json:
    """A JSON file, or a signed head as text; ends the program where it cannot be read."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except (OSError, UnicodeError) as error:
        sys.stderr.write(f"{path} cannot be read: {error}\n")
        raise SystemExit(2) from None
    if "\n\n\u2014 " in text and not text.lstrip().startswith("{"):
        return {"note": text}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        sys.stderr.write(f"{path} is no receipt, head or proof of a registry.\n")
        raise SystemExit(2)
    return found


def keys_from(argument: str, kind: bytes = REGISTRY) -> Keys:
    """The public keys in a line or a file."""
    lines = [argument]
    if "+" not in argument:
        try:
            with open(argument, encoding="utf-8") as file:
                lines = [line for line in file.read().splitlines() if line.strip()]
        except (OSError, UnicodeError) as error:
            raise Broken(f"the key cannot be read ({error})") from None
    return [parse_key(line, kind) for line in lines]


def run(
    receipt: Json,
    earlier: list[Json],
    proofs: list[Json],
    keys: Keys,
    report: Report,
) -> None:
    """All checks."""
    heads = check_receipt(receipt, keys, report)
    known = {}
    for document in [receipt, *earlier, *proofs]:
        known.update(proofs_in(document))
    for number, document in enumerate(earlier, 1):
        words = f"Earlier file {number}: its heads are signed"
        for head in report.step(words, heads_in, document, keys) or []:
            words = f"Everything in the log when it had {head[1]} entries is still in it"
            if heads:
                report.step(words, compare, head, heads, known)


def main(arguments: list[str] | None = None, out: IO[str] | None = None) -> int:
    """The program; returns what it ends with."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("receipt")
    parser.add_argument("--key", action="append", default=[])
    parser.add_argument("--earlier", action="append", default=[], metavar="FILE")
    parser.add_argument("--proof", action="append", default=[], metavar="FILE")
    parser.add_argument("--witness", action="append", default=[], metavar="KEY")
    asked = parser.parse_args(arguments)
    report = Report(out or sys.stdout)
    own: list[str] = []
    try:
        receipt = read_json(asked.receipt)
        if receipt.get("type") not in CHECKS or not receipt.get("log"):
            report.say("not checked", "This file has no entry of the log in it. Load the receipt again later.", 2)
            return report.code
        if asked.key:
            keys = [key for each in asked.key for key in keys_from(each)]
        else:
            keys = [parse_key(each) for each in receipt["log"]["keys"]]
            own = list(receipt["log"]["keys"])
        earlier, proofs = [read_json(path) for path in asked.earlier], [read_json(path) for path in asked.proof]
        run(receipt, earlier, proofs, keys, report)
        witnesses = [key for each in asked.witness for key in keys_from(each, WITNESS)]
        if witnesses:
            witness_heads([receipt, *earlier], keys, witnesses, report)
    except Broken as broken:
        report.say("DOES NOT HOLD", f"{broken}.", 1)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        report.say("DOES NOT HOLD", f"This file cannot be read as a receipt ({type(error).__name__}).", 1)
    if own:
        report.say("note", "The key is the receipt's own; compare it with the one that the registry publishes:", 0)
        report.out.write("".join(f"               {key}\n" for key in own))
    words = {0: "Everything holds.", 1: "SOMETHING DOES NOT HOLD.", 2: "Not everything could be checked."}
    report.out.write(words[report.code] + "\n")
    return report.code


if __name__ == "__main__":
    sys.exit(main())
