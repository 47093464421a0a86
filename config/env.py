"""Reads settings from the environment, strictly: a wrong word stops the start with a sentence that says what to set."""

import os
import re
import secrets
import shlex
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

from core.merkle import cosignature
from core.merkle.note import NoteError
from core.storage.rings import read_ring
from core.storage.zones import Zone

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
#: Every name that the settings read and that is ours.
NAMES = [
    "BACKUP_DAYS",
    "BEHIND_PROXY",
    "BROKER_URL",
    "DEBUG",
    "DEFACER",
    "FROM",
    "HOSTS",
    "JOBS_AT_ONCE",
    "LEASE_SECONDS",
    "LOG_KEY",
    "LOG_WITNESSES",
    "LOG_WITNESS_KEYS",
    "MASTER_KEY",
    "MODE",
    "ORIGIN",
    "PLANTED_ONE_IN",
    "QUOTA_DAY_MB",
    "QUOTA_DONOR_MB",
    "QUOTA_PROGRAMME_MB",
    "S3_ACCESS_KEY",
    "S3_BUCKET_PREFIX",
    "S3_ENDPOINT",
    "S3_KMS_KEY",
    "S3_REGION",
    "S3_SECRET_KEY",
    "ROLE",
    "SECOND_READER",
    "SECOND_READ_ONE_IN",
    "SECRET_KEY",
    "SECRETS_DIR",
    "STORE",
    "STORE_ENCRYPTION",
    "STORE_KEY",
    "STORE_KEYS_OLD",
    "UPLOAD_ARCHIVE_MB",
    "UPLOAD_FILE_MB",
    "UPLOAD_TMP",
    "VAR",
    *(f"S3_{zone.upper()}_{which}_KEY" for zone in Zone for which in ("ACCESS", "SECRET")),
]
#: Fewer characters than this can be guessed.
SECRET_CHARACTERS = 32


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

    def command(self, name: str, parts: tuple[str, ...]) -> list[str]:
        """A command line as a list of arguments, or nothing; it must name each of `parts` once, such as {in}."""
        try:
            found = shlex.split(self.text(name, ""))
        except ValueError:
            raise ImproperlyConfigured(f"{name} is no command line: a quotation mark is left open.") from None
        if found and any(sum(argument.count(part) for argument in found) != 1 for part in parts):
            raise ImproperlyConfigured(f"{name} must hold {' and '.join(parts)}, once each, beside its program.")
        if found and not (Path(found[0]).is_absolute() and os.access(found[0], os.X_OK)):
            raise ImproperlyConfigured(f"{name} must begin with the whole path of a program that can be run.")
        return found

    def secret(self, name: str, folder: Path, *, invent: bool) -> str:
        """A secret from the environment, or from its file in `folder`; invented only where nothing is to be kept."""
        file = folder / name.lower()
        value = self.values.get(name, "").strip()
        if not value and file.is_file():
            value = file.read_text().strip()
        if not value and invent:
            return secrets.token_hex(SECRET_CHARACTERS)
        if not value:
            raise ImproperlyConfigured(f"Set {name}, or run `make secrets` to make it once under {folder.name}/.")
        if len(value) < SECRET_CHARACTERS:
            raise ImproperlyConfigured(f"{name} is too short; set it to at least {SECRET_CHARACTERS} characters.")
        return value

    def key(self, name: str, folder: Path, *, invent: bool) -> str:
        """A secret that is 32 bytes in hexadecimal digits."""
        value = self.secret(name, folder, invent=invent)
        if not re.fullmatch("[0-9a-fA-F]{64}", value):
            raise ImproperlyConfigured(f"{name} is not a key; set it to 64 hexadecimal digits, as `make secrets` does.")
        return value

    def store_key(self, name: str, folder: Path, *, invent: bool) -> str:
        """A key, or the ring of keys that a role was given of one."""
        value = self.secret(name, folder, invent=invent)
        if not _is_ring(value):
            raise ImproperlyConfigured(
                f"{name} is not a key; set it to 64 hexadecimal digits, as `make secrets` does, or to what "
                "`manage.py store_keys` prints for this part of the registry."
            )
        return value

    def old_keys(self, name: str) -> list[str]:
        """Store keys that were in use before, or rings of them, with commas or spaces between them; or none."""
        found = self.values.get(name, "").replace(",", " ").split()
        if not all(map(_is_ring, found)):
            raise ImproperlyConfigured(
                f"{name} must hold keys of 64 hexadecimal digits, with commas between, or what `manage.py store_keys` "
                "prints."
            )
        return found

    def origin(self, name: str, default: str | None) -> str:
        """The address that people see: scheme and host, without a path."""
        value = self.text(name, default).rstrip("/")
        parts = split(name, value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or value != f"{parts.scheme}://{parts.netloc}":
            raise ImproperlyConfigured(f"{name} is {value!r}; set it to an address such as https://donate.example.org.")
        return value

    def addresses(self, name: str) -> list[str]:
        """Addresses with commas or spaces between them, or none; HTTPS but for this machine's own."""
        found = self.text(name, "").replace(",", " ").split()
        for address in found:
            parts = split(name, address)
            is_own = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
            if not parts.hostname or not (parts.scheme == "https" or is_own):
                raise ImproperlyConfigured(f"{name} must hold addresses that begin with https://, with commas between.")
        return found

    def witness_keys(self, name: str) -> list[str]:
        """Public keys of the log's witnesses, a line each, with commas or spaces between them; or none."""
        found = self.text(name, "").replace(",", " ").split()
        try:
            for key in found:
                cosignature.parse_key(key)
        except NoteError:
            raise ImproperlyConfigured(f"{name} must hold witnesses' public keys as NAME+ID+BASE64.") from None
        return found

    def names(self, name: str, default: str | None) -> list[str]:
        """Host names, with commas between them."""
        found = [each.strip() for each in self.text(name, default).split(",") if each.strip()]
        if not found or "*" in found:
            raise ImproperlyConfigured(f"Set {name} to the host names that may be asked for, with commas between them.")
        return found

    def refuse_misspelt(self) -> None:
        """Stops the start where a name of ours is written wrongly: its value would be ignored without a word."""
        for name in self.values:
            ours = name.removeprefix("DONARA_")
            if name == ours or ours in NAMES:
                continue
            meant = get_close_matches(ours, NAMES, n=1, cutoff=0.85)
            if meant:
                raise ImproperlyConfigured(f"{name} is not a setting. Did you mean DONARA_{meant[0]}?")


def _is_ring(text: str) -> bool:
    try:
        read_ring(text)
    except ValueError:
        return False
    return True


def split(name: str, url: str) -> SplitResult:
    """The parts of an address; a malformed one stops the start, and is not repeated, for it may hold a password."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is no number
    except ValueError:
        raise ImproperlyConfigured(f"{name} is not an address that can be read: check its host and port.") from None
    return parts
