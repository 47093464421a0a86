"""Logging: one line of JSON per event, ids only; libraries whose messages can hold a value of a file are silenced."""

import sys
import traceback
from pathlib import Path
from typing import Any

import structlog

FRAMES = 12


def tell_where(logger: object, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """In place of an exception its kind and the innermost lines that it passed: what helps, and no message.

    A message may quote someone's value: a database's quotes the row, a parser's the file, a form's what was typed.
    """
    told = event.pop("exc_info", None)
    if isinstance(told, BaseException):
        told = (type(told), told, told.__traceback__)
    kind, _, trace = told if isinstance(told, tuple) else sys.exc_info() if told else (None, None, None)
    if kind is None:
        return event
    frames = traceback.extract_tb(trace)[-FRAMES:]
    event["exception"] = f"{kind.__module__}.{kind.__qualname__}"
    event["at"] = [f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}" for frame in frames]
    return event


structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                tell_where,
                structlog.processors.JSONRenderer(),
            ],
            "foreign_pre_chain": [
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # pydicom's warnings quote values of the file; the engine counts them instead.
        "pydicom": {"handlers": [], "level": "CRITICAL", "propagate": False},
        # Celery's task lines would quote arguments; a worker's start and stop still show.
        "celery.worker": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        # These messages quote what was sent; each is answered with a page or a sentence.
        "django.security": {"handlers": [], "level": "CRITICAL", "propagate": False},
        # Says each time that an embedded broker has no host, which is so.
        "kombu.connection": {"level": "ERROR"},
    },
}
