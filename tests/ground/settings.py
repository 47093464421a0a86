"""The settings under which tests run: the real ones in test mode, in a place of this process's own."""

from tests.ground.place import claim

claim()

from config.settings import *  # noqa: E402, F403  (the environment had to be there first)
from config.settings import DATABASES, VAR  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests sign in many times
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file and not memory: what several connections do to each other is part of what is tested.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
