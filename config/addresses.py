"""What the addresses of database, broker, object store and mail server in the environment mean to Django and Celery."""

from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from django.core.exceptions import ImproperlyConfigured

from config.env import Environment, split
from core.storage.zones import Zone

#: The zones that objects lie in, as core.storage names them.
ZONES = [zone.value for zone in Zone]
SMTP_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def sqlite_in(folder: Path) -> str:
    """The address of the embedded database in `folder`."""
    return f"sqlite:///{quote(str(folder / 'donara.sqlite3'))}"


def database(url: str) -> dict[str, object]:
    """Django's database settings for `sqlite:///path` or `postgresql://user:password@host:port/name`."""
    parts = split("DATABASE_URL", url)
    name = unquote(parts.path[1:])
    if parts.scheme in {"sqlite", "postgresql", "postgres"} and not name:
        raise ImproperlyConfigured("DATABASE_URL names no database: add it after the last slash.")
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name,
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
            "NAME": name.strip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 0,
            "OPTIONS": {"connect_timeout": 10},
        }
    raise ImproperlyConfigured(
        f"DATABASE_URL starts with {parts.scheme!r}; set it to sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME."
    )


def email(url: str) -> dict[str, object]:
    """Django's e-mail settings for `file:PATH` or an SMTP server.

    `smtp://user:password@host:port` speaks plainly, `smtp+tls://` turns to TLS (STARTTLS, RFC 3207), `smtps://` speaks
    TLS from the start.
    """
    parts = split("EMAIL_URL", url)
    if parts.scheme == "file" and parts.path:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": parts.path,
        }
    if parts.scheme in SMTP_PORTS and parts.hostname:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": parts.port or SMTP_PORTS[parts.scheme],
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
            "EMAIL_TIMEOUT": 20,
        }
    raise ImproperlyConfigured(
        f"EMAIL_URL starts with {parts.scheme!r}; set it to file:PATH, or to smtp://, smtp+tls:// or smtps://HOST:PORT."
    )


def store(url: str, env: Environment, root: Path) -> dict[str, Any]:
    """Where objects lie: `folder:PATH`, or `s3:` with DONARA_S3_ENDPOINT, its keys and a bucket prefix.

    `sealed` says whether the registry encrypts objects itself, before they are stored.
    """
    kind, _, rest = url.partition(":")
    if kind == "folder" and rest.strip():
        how = env.word("DONARA_STORE_ENCRYPTION", ("envelope", "none"), "envelope")
        return {"kind": "folder", "path": str((root / rest).resolve()), "sealed": how == "envelope"}
    if kind == "s3" and not rest:
        how = env.word("DONARA_STORE_ENCRYPTION", ("envelope", "none", "sse-s3", "sse-kms", "sse-c"), "envelope")
        return {
            "kind": "s3",
            "sealed": how == "envelope",
            "encryption": how if how.startswith("sse") else "",
            "kms_key": env.text("DONARA_S3_KMS_KEY", None if how == "sse-kms" else ""),
            "endpoint": env.origin("DONARA_S3_ENDPOINT", None),
            "access_key": env.text("DONARA_S3_ACCESS_KEY"),
            "secret_key": env.text("DONARA_S3_SECRET_KEY"),
            "region": env.text("DONARA_S3_REGION", "us-east-1"),
            "prefix": env.text("DONARA_S3_BUCKET_PREFIX", "donara"),
            "zone_keys": _zone_keys(env),
        }
    raise ImproperlyConfigured(f"DONARA_STORE is {url!r}; set it to folder:PATH or s3:.")


def _zone_keys(env: Environment) -> dict[str, tuple[str, str]]:
    """Key pairs of zones that have one of their own, such as DONARA_S3_QUARANTINE_ACCESS_KEY and …_SECRET_KEY."""
    found = {}
    for zone in ZONES:
        names = [f"DONARA_S3_{zone.upper()}_{which}_KEY" for which in ("ACCESS", "SECRET")]
        if any(env.text(name, "") for name in names):
            found[zone] = (env.text(names[0]), env.text(names[1]))
    return found


def broker(url: str) -> str:
    """Where messages go: `folder:` or `redis://` (`rediss://` for TLS)."""
    parts = split("DONARA_BROKER_URL", url)
    if url == "folder:" or (parts.scheme in {"redis", "rediss"} and parts.hostname):
        return url
    raise ImproperlyConfigured(
        f"DONARA_BROKER_URL starts with {parts.scheme!r}; set it to folder: or redis://default:PASSWORD@HOST:PORT/0."
    )
