"""Logging: one line of JSON per event, ids only; libraries whose messages can hold a value of a file are silenced."""

import structlog

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
        # Says each time that an embedded broker has no host, which is so.
        "kombu.connection": {"level": "ERROR"},
    },
}
