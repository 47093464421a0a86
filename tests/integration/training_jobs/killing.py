"""Lets a worker die at a chosen moment, as SIGKILL would, and frees what it held."""

from collections.abc import Iterator
from contextlib import contextmanager
from pkgutil import resolve_name
from typing import Any

import pytest
from django.utils import timezone

from core.due.models import DueWork


class Killed(BaseException):
    """Like SIGKILL, it is caught by nothing on its way."""


@contextmanager
def killed(target: str, *, before: bool, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """In the block the worker dies once, just before or just after `target` was called."""
    module, _, name = target.rpartition(".")
    owner = resolve_name(module)
    real, calls = getattr(owner, name), []

    def dying(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) > 1:
            return real(*args, **kwargs)
        if not before:
            real(*args, **kwargs)
        raise Killed

    with patch.context() as short:
        short.setattr(owner, name, dying)
        with pytest.raises(Killed):
            yield
        # What the dead worker held is free once its lease has run out.
        DueWork.objects.exclude(lease_until=None).update(lease_until=timezone.now())
