"""Settings are read strictly: each wrong word, missing value and misspelt name stops the start and says what to set."""

import os
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.env import NAMES
from core.storage.rings import ring_of
from core.storage.roles import Role

Read = Callable[..., dict[str, Any]]
FILE = Path(settings.BASE_DIR) / "config" / "settings.py"
SECRET, KEY = "s" * 40, "0a" * 32
RING = ring_of(b"a" * 32, Role.WEB).written()
PRODUCTION = {
    "DONARA_MODE": "production",
    "DONARA_SECRET_KEY": SECRET,
    "DONARA_MASTER_KEY": KEY,
    "DONARA_LOG_KEY": KEY,
    "DONARA_STORE_KEY": KEY,
    "DONARA_ORIGIN": "https://donate.example.org",
    "DONARA_HOSTS": "donate.example.org, other.example.org",
    "EMAIL_URL": "smtp+tls://donara:p%40ss@mail.example.org",
}
S3 = {
    "DONARA_STORE": "s3:",
    "DONARA_S3_ENDPOINT": "https://s3.example.org",
    "DONARA_S3_ACCESS_KEY": "key",
    "DONARA_S3_SECRET_KEY": "secret",
}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Read:
    """Reads the settings under exactly this environment."""

    def reader(**values: str) -> dict[str, Any]:
        for name in [each for each in os.environ if each.startswith(("DONARA_", "DATABASE_URL", "EMAIL_URL"))]:
            monkeypatch.delenv(name)
        for name, value in {
            "DONARA_VAR": str(tmp_path),
            "DONARA_SECRETS_DIR": str(tmp_path / "secrets"),
            **values,
        }.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(FILE))

    return reader


def test_production_starts_with_what_it_needs(read: Read) -> None:
    found = read(**PRODUCTION, **S3)
    assert found["ALLOWED_HOSTS"] == ["donate.example.org", "other.example.org"]
    assert (found["EMAIL_HOST_PASSWORD"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == ("p@ss", 587, True)
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is True
    assert found["OBJECT_STORE"]["prefix"] == "donara"
    assert not found["DEBUG"]
    assert found["ACCOUNT_EMAIL_VERIFICATION"] == "mandatory"
    assert found["ACCOUNT_RATE_LIMITS"] is not False


def test_the_embedded_default_needs_only_its_secrets(read: Read, tmp_path: Path) -> None:
    found = read(DONARA_SECRET_KEY=SECRET, DONARA_MASTER_KEY=KEY, DONARA_LOG_KEY=KEY, DONARA_STORE_KEY=KEY)
    assert found["DEMO"]
    assert found["DATABASES"]["default"]["NAME"] == str(tmp_path / "donara.sqlite3")
    assert found["OBJECT_STORE"] == {"kind": "folder", "path": str(tmp_path / "objects"), "sealed": True}
    assert found["LEASE_SECONDS"] == 20


def test_a_store_key_may_be_what_a_role_was_given_of_it(read: Read) -> None:
    found = read(**PRODUCTION | {"DONARA_STORE_KEY": RING, "DONARA_STORE_KEYS_OLD": f"{RING}, {KEY}"})
    assert (found["STORE_KEY"], found["STORE_KEYS_OLD"]) == (RING, [RING, KEY])


def test_secrets_are_read_from_their_files(read: Read, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "donara_secret_key").write_text(SECRET + "\n")
    for name in ("donara_master_key", "donara_log_key", "donara_store_key"):
        (tmp_path / "secrets" / name).write_text(KEY + "\n")
    assert read()["SECRET_KEY"] == SECRET


@pytest.mark.parametrize("mode", ["demo", "production"])
@pytest.mark.parametrize("name", ["DONARA_SECRET_KEY", "DONARA_MASTER_KEY", "DONARA_LOG_KEY", "DONARA_STORE_KEY"])
def test_a_missing_or_empty_secret_stops_the_start(read: Read, tmp_path: Path, mode: str, name: str) -> None:
    rest = {key: value for key, value in PRODUCTION.items() if key != name} | {"DONARA_MODE": mode}
    with pytest.raises(ImproperlyConfigured, match=f"Set {name}, or run `make secrets`"):
        read(**rest)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / name.lower()).write_text("")
    with pytest.raises(ImproperlyConfigured, match=f"Set {name}"):
        read(**rest)


@pytest.mark.parametrize("name", ["DONARA_ORIGIN", "DONARA_HOSTS", "EMAIL_URL"])
def test_production_needs_more_than_the_demo(read: Read, name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"Set {name}"):
        read(**{key: value for key, value in PRODUCTION.items() if key != name})


@pytest.mark.parametrize("name", sorted(set(S3) - {"DONARA_STORE"}))
def test_s3_needs_its_keys(read: Read, name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"Set {name}"):
        read(**PRODUCTION, **{key: value for key, value in S3.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DONARA_MODE", "prod", "demo, production, test"),
        ("DONARA_SECRET_KEY", "short", "at least 32 characters"),
        ("DONARA_MASTER_KEY", "x" * 64, "64 hexadecimal digits"),
        ("DONARA_LOG_KEY", "0a" * 31, "64 hexadecimal digits"),
        ("DONARA_STORE_KEYS_OLD", f"{KEY},0a", "64 hexadecimal digits"),
        ("DONARA_STORE_KEY", "0a" * 31, "64 hexadecimal digits"),
        ("DONARA_STORE_KEY", RING[:-8], "manage.py store_keys"),
        ("DONARA_STORE_KEYS_OLD", f"{KEY},{RING[:-8]}", "manage.py store_keys"),
        ("DONARA_STORE_ENCRYPTION", "rot13", "set it to one of"),
        ("DONARA_LOG_WITNESSES", "http://witness.example.org/", "begin with https://"),
        ("DONARA_LOG_WITNESSES", "https://a.example/, ftp://b.example/", "begin with https://"),
        ("DONARA_MASTER_KEY", "0a" * 31, "64 hexadecimal digits"),
        ("DONARA_DEBUG", "maybe", "yes or no"),
        ("DONARA_DEBUG", "yes", "no in production"),
        ("DONARA_BEHIND_PROXY", "2", "yes or no"),
        ("DONARA_ORIGIN", "donate.example.org", "https://donate.example.org"),
        ("DONARA_ORIGIN", "https://donate.example.org/path", "https://donate.example.org"),
        ("DONARA_ORIGIN", "https://donate.example.org:port", "DONARA_ORIGIN is not an address"),
        ("DONARA_HOSTS", "*", "host names"),
        ("DONARA_HOSTS", " , ", "host names"),
        ("DATABASE_URL", "mysql://u:p@h/n", "sqlite:///PATH or postgresql://"),
        ("DATABASE_URL", "sqlite:///", "names no database"),
        ("DATABASE_URL", "postgresql://u:p@h:5432", "names no database"),
        ("DATABASE_URL", "postgresql://u:hunter2@h:no/n", "check its host and port"),
        ("DONARA_STORE", "folder:", "folder:PATH or s3:"),
        ("DONARA_STORE", "/srv/objects", "folder:PATH or s3:"),
        ("DONARA_STORE", "s3:bucket", "folder:PATH or s3:"),
        ("DONARA_S3_ENDPOINT", "s3.example.org", "DONARA_S3_ENDPOINT is"),
        ("DONARA_BROKER_URL", "amqp://guest@h", "folder: or redis://"),
        ("DONARA_BROKER_URL", "redis:", "folder: or redis://"),
        ("DONARA_BROKER_URL", "folder:/srv/broker", "folder: or redis://"),
        ("EMAIL_URL", "mail.example.org", "file:PATH, or to smtp://"),
        ("EMAIL_URL", "file:", "file:PATH, or to smtp://"),
        ("EMAIL_URL", "smtp://", "file:PATH, or to smtp://"),
        ("DONARA_LEASE_SECONDS", "0", "whole number from 1"),
        ("DONARA_JOBS_AT_ONCE", "-1", "whole number from 0"),
        ("DONARA_UPLOAD_FILE_MB", "1.5", "whole number from 1"),
        ("DONARA_UPLOAD_ARCHIVE_MB", "lots", "whole number from 1"),
    ],
)
def test_a_wrong_word_stops_the_start_and_says_what_to_set(read: Read, name: str, value: str, said: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        read(**PRODUCTION | S3 | {name: value})
    assert said in str(refused.value)
    assert name in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("wrong", ["DONARA_S3_ENPOINT", "DONARA_ORIGN", "DONARA_UPLOAD_FILE_MBS", "DONARA_SECRETKEY"])
def test_a_misspelt_name_stops_the_start(read: Read, wrong: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"{wrong} is not a setting. Did you mean DONARA_"):
        read(**PRODUCTION, **{wrong: "x"})


def test_a_name_of_another_program_is_let_be(read: Read) -> None:
    read(**PRODUCTION, DONARA_SERVICES_S3_PORT="1", DONARA_EXPECT_BACKENDS="real", DONARA_BIND="127.0.0.1:1")


def test_every_name_that_the_settings_read_is_known() -> None:
    text = "".join(file.read_text() for file in FILE.parent.glob("*.py"))
    quoted = {part.split('"')[0] for part in text.split('"DONARA_')[1:]}
    assert {name for name in quoted if name.isupper()} <= set(NAMES)


def test_the_defacer_is_a_program_with_two_folders(read: Read) -> None:
    assert read(**PRODUCTION)["DEFACER"] == []
    found = read(**PRODUCTION, DONARA_DEFACER="/bin/cp '-r' {in} {out}")
    assert found["DEFACER"] == ["/bin/cp", "-r", "{in}", "{out}"]
    for wrong in (
        "/bin/cp {in}",
        "/bin/cp {in} {out} {in}",
        "cp {in} {out}",
        "/nowhere {in} {out}",
        "/bin/cp '{in} {out}",
    ):
        with pytest.raises(ImproperlyConfigured, match="DONARA_DEFACER"):
            read(**PRODUCTION, DONARA_DEFACER=wrong)


def test_witnesses_are_addresses_by_https_or_of_this_machine(read: Read) -> None:
    assert read(**PRODUCTION)["LOG_WITNESSES"] == []
    both = "https://a.example/add-checkpoint, http://127.0.0.1:7380/add-checkpoint"
    assert read(**PRODUCTION, DONARA_LOG_WITNESSES=both)["LOG_WITNESSES"] == both.split(", ")
