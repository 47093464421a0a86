"""The public log: its page in plain words, and heads, proofs, keys and the checking program for whoever asks."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.audit import queries
from core.errors import Invalid, Missing, Refused
from core.web.api import PROBLEM, problem
from core.web.pace import keep_pace

TOO_MANY = "There were too many questions from here in a short time. Wait a little, then try again."
NOT_YET = "Nothing has been entered in the log yet."
SIZE, LEAF = re.compile("[0-9]{1,15}"), re.compile("[0-9a-f]{64}")
Answer = Callable[..., dict[str, Any] | HttpResponse]


def for_programs(view: Answer) -> Callable[..., HttpResponse]:
    """Answers with JSON, refusals too, to anybody, up to a number of questions an hour."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            keep_pace(request, "public_log", sentence=TOO_MANY)
            found = view(request, *args, **kwargs)
        except Refused as refusal:
            return _problem(refusal.sentence, int(refusal.status), refusal.code)
        response = found if isinstance(found, HttpResponse) else JsonResponse(found, json_dumps_params={"indent": 1})
        # Nothing here is about who asks, and other registries' pages and tools may read it.
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return answer


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """What the log is, what it proves and what it does not, and how to check it."""
    heads = list(queries.newest_heads())
    context = {
        "head": heads[0] if heads else None,
        "root": _in_parts(heads[0].root) if heads else [],
        "heads": heads,
        "keys": [_in_parts(key) for key in queries.published_keys()],
        "witnessed": queries.witnessed(),
        "alarms": queries.open_alarms(),
    }
    return render(request, "portal/log.html", context)


@for_programs
def head(request: HttpRequest, size: str = "") -> dict[str, Any]:
    """The newest signed head, or the one of a size."""
    if size:
        return queries.head_as_json(queries.head_of_size(_size(size)))
    newest = queries.newest_head()
    if newest is None:
        raise Missing(NOT_YET)
    return queries.head_as_json(newest)


@for_programs
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed head as text, as other logs' tools read it."""
    return HttpResponse(head_text(), content_type="text/plain; charset=utf-8")


def head_text() -> str:
    """The newest head's note with what witnesses signed of it; raises Missing."""
    newest = queries.newest_head()
    if newest is None:
        raise Missing(NOT_YET)
    return queries.cosigned_note(newest)


@for_programs
def consistency(request: HttpRequest) -> dict[str, Any]:
    """That the log of `second` entries begins with that of `first`."""
    return queries.consistency_proof(_size(request.GET.get("first", "")), _size(request.GET.get("second", "")))


@for_programs
def inclusion(request: HttpRequest, leaf: str) -> dict[str, Any]:
    """That a leaf is in the log: for whoever holds its hash, and it says nothing else."""
    if not LEAF.fullmatch(leaf):
        raise Invalid("The hash of a leaf has 64 digits from 0 to 9 and a to f.", "leaf")
    asked = request.GET.get("size")
    return queries.inclusion_proof(bytes.fromhex(leaf), _size(asked) if asked else None)


@for_programs
def key(request: HttpRequest) -> HttpResponse:
    """The public keys, a line each, the present one last."""
    return HttpResponse("\n".join([*queries.published_keys(), ""]), content_type="text/plain; charset=utf-8")


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """The checking program: one file, to be kept."""
    answer = HttpResponse(queries.verifier(), content_type="text/x-python; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="verify.py"'
    return answer


def _size(text: str) -> int:
    if not SIZE.fullmatch(text):
        raise Invalid(queries.WRONG_SIZES, "sizes")
    return int(text)


def _problem(sentence: str, status: int, code: str) -> HttpResponse:
    return JsonResponse(problem(sentence, status, code), status=status, content_type=PROBLEM)


def _in_parts(digest: str) -> list[str]:
    return [digest[start : start + 8] for start in range(0, len(digest), 8)]
