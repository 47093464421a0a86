"""Reads settings from the environment, strictly: a wrong word stops the start with a sentence that says what to set."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


class Environment:
    """A strict reader over a mapping of environment variables (defaults to the process's own)."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self.values = os.environ if values is None else values

    def text(self, name: str, default: str | None = None) -> str:
        """The value of `name`; raises ImproperlyConfigured when it is missing and has no default."""
        value = self.values.get(name, "").strip()
        if value:
            return value
        if default is None:
            raise ImproperlyConfigured(f"Set {name}: it has no value and no default.")
        return default

    def word(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One of `allowed`; anything else stops the start."""
        value = self.text(name, default)
        if value not in allowed:
            raise ImproperlyConfigured(f"{name} is {value!r}; set it to one of: {', '.join(allowed)}.")
        return value

    def flag(self, name: str, default: bool) -> bool:
        """A yes or a no."""
        value = self.text(name, "yes" if default else "no").lower()
        if value not in TRUE | FALSE:
            raise ImproperlyConfigured(f"{name} is {value!r}; set it to yes or no.")
        return value in TRUE

    def number(self, name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
        """A whole number between `least` and `most`."""
        value = self.text(name, str(default))
        if not value.isdecimal() or not least <= int(value) <= most:
            raise ImproperlyConfigured(f"{name} is {value!r}; set it to a whole number from {least} to {most}.")
        return int(value)

    def secret(self, name: str, folder: Path, *, invent: bool) -> str:
        """A secret from the environment, or from its file in `folder`; invented only where nothing is to be kept."""
        value = self.values.get(name, "").strip()
        if value:
            return value
        file = folder / name.lower()
        if file.is_file():
            return file.read_text().strip()
        if invent:
            return secrets.token_hex(32)
        raise ImproperlyConfigured(f"Set {name}, or run `make secrets` to make it once under {folder.name}/.")


def database(url: str) -> dict[str, object]:
    """Django's database settings for `sqlite:///path` or `postgresql://user:password@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:] if parts.path.startswith("//") else parts.path.removeprefix("/")),
            "OPTIONS": {
                # A writer takes its lock at BEGIN, so that two writers wait for each other instead of failing later.
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.strip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 0,
        }
    raise ImproperlyConfigured(
        f"DATABASE_URL starts with {parts.scheme!r}; set it to sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME."
    )


def email(url: str) -> dict[str, object]:
    """Django's e-mail settings for `file:PATH` or `smtp://user:password@host:port` (`smtps://` for TLS)."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": parts.path,
        }
    if parts.scheme in {"smtp", "smtps"}:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname or "localhost",
            "EMAIL_PORT": parts.port or 25,
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_TIMEOUT": 20,
        }
    raise ImproperlyConfigured(f"EMAIL_URL starts with {parts.scheme!r}; set it to file:PATH or smtp://HOST:PORT.")


def store(url: str, env: Environment, root: Path) -> dict[str, str]:
    """Where objects lie: `folder:PATH`, or `s3:` with DONARA_S3_ENDPOINT, its keys and a bucket prefix."""
    kind, _, rest = url.partition(":")
    if kind == "folder":
        return {"kind": "folder", "path": str((root / rest).resolve())}
    if kind == "s3":
        return {
            "kind": "s3",
            "endpoint": env.text("DONARA_S3_ENDPOINT"),
            "access_key": env.text("DONARA_S3_ACCESS_KEY"),
            "secret_key": env.text("DONARA_S3_SECRET_KEY"),
            "region": env.text("DONARA_S3_REGION", "us-east-1"),
            "prefix": env.text("DONARA_S3_BUCKET_PREFIX", "donara"),
        }
    raise ImproperlyConfigured(f"DONARA_STORE is {url!r}; set it to folder:PATH or s3:.")
