"""The Celery application: one home for how tasks are acknowledged, retried and woken."""

import os

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_process_init
from django.core.exceptions import ImproperlyConfigured
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# The embedded broker is a folder: see core/broker.py for what kombu's own gets wrong.
TRANSPORT_ALIASES["folder"] = "core.broker:Transport"

app = Celery("donara")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
#: The worker whose child this process is; 0 where it is none.
_parent = 0


@setup_logging.connect
def keep_djangos_logging(**_: object) -> None:
    """Celery leaves logging to the settings, so that no second handler prints what ours would not."""


@worker_init.connect
def take_the_role(**_: object) -> None:
    """A worker is a worker to the object store, and so are its children."""
    from core.startup import become
    from core.storage.roles import Role

    become(Role.WORKER)


@worker_init.connect
def refuse_to_start_blind(**_: object) -> None:
    """A worker that cannot reach its store or database, or cannot wall off what opens pictures, says so and ends."""
    from core.startup import verify, verify_walls

    try:
        verify()
        verify_walls()
    except ImproperlyConfigured as error:
        # Celery would log any other exception here and go on.
        raise SystemExit(str(error)) from None


@worker_init.connect
def remember_the_parent(**_: object) -> None:
    """For the children that this process is going to have."""
    global _parent
    _parent = os.getpid()


@worker_process_init.connect
def end_with_the_parent(**_: object) -> None:
    """Ends a child whose parent was killed before the child asked the kernel, as Celery does, to be killed with it.

    A worker without children (--pool solo) says of itself that it begins.
    """
    if _parent not in {0, os.getpid(), os.getppid()}:
        os._exit(1)
