"""The web application as ASGI; it refuses to start where its database or object store cannot be reached."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_asgi_application()

from core.startup import verify  # noqa: E402  (the apps must be loaded first)

verify()
