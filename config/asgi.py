"""The web application as ASGI; it refuses to start where its database or object store cannot be reached."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_asgi_application()

from django.conf import settings  # noqa: E402  (the apps must be loaded first)

from core.startup import become, verify  # noqa: E402
from core.storage.roles import Role  # noqa: E402
from core.web.bodies import BodyLimit  # noqa: E402
from core.web.turns import Turns  # noqa: E402

#: What a form has besides its files; also the most that any other form may hold.
FORM = 4 << 20
application = BodyLimit(Turns(django), uploads=settings.UPLOAD_ARCHIVE_BYTES + FORM, others=FORM)

become(Role.WEB)
verify()
