"""What holds for every table: UUIDv7 keys, each column declared, no way into another app but by its key."""

import ast
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from core.ids import new_id
from core.rows import CLASSES, PRIVACY

OURS = [
    model
    for model in apps.get_models()
    if model.__module__.split(".")[0] in {"core", "consent", "registry", "curation", "training_jobs", "portal"}
]
#: Tables of libraries: what each column says about a person is declared here, since we cannot write on their classes.
LIBRARIES = {
    "account.emailaddress": {"user": "plain", "email": "identifying", "verified": "plain", "primary": "plain"},
    "account.emailconfirmation": {"email_address": "plain", "created": "plain", "sent": "plain", "key": "plain"},
    "auth.permission": {"name": "plain", "content_type": "plain", "codename": "plain"},
    "auth.group": {"name": "plain"},
    "contenttypes.contenttype": {"app_label": "plain", "model": "plain"},
    "sessions.session": {"session_key": "plain", "session_data": "identifying", "expire_date": "plain"},
}
APPS = {"consent", "registry", "curation", "training_jobs"}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_column_says_what_it_says_about_a_person(model: type[models.Model]) -> None:
    declared = PRIVACY.get(model, {})
    assert set(declared) == {field.name for field in model._meta.concrete_fields}
    assert set(declared.values()) <= set(CLASSES)


def test_every_table_of_a_library_is_declared_too() -> None:
    others = {model._meta.label_lower: model for model in apps.get_models() if model not in OURS}
    assert set(others) == set(LIBRARIES)
    for label, model in others.items():
        columns = {field.name for field in model._meta.concrete_fields if not field.primary_key}
        assert columns <= set(LIBRARIES[label]), label


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_key_is_a_uuid_of_version_7(model: type[models.Model]) -> None:
    key = model._meta.pk
    assert isinstance(key, models.UUIDField)
    assert key.default is new_id
    assert isinstance(key.get_default(), UUID)
    assert key.get_default().version == 7


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_foreign_keys_into_another_app_lead_one_way(model: type[models.Model]) -> None:
    for field in model._meta.concrete_fields:
        if not field.is_relation or field.related_model._meta.app_label == model._meta.app_label:
            continue
        assert field.remote_field.hidden, f"{field}: related_name must be '+'"
        assert field.remote_field.on_delete is models.PROTECT or model._meta.app_label == "notifications", field


def _foreign_fields() -> dict[str, str]:
    """Names of foreign keys from one of the four apps into another, with the app that they lead to."""
    return {
        field.name: field.related_model._meta.app_label
        for model in OURS
        for field in model._meta.concrete_fields
        if field.is_relation
        and model._meta.app_label in APPS
        and field.related_model._meta.app_label in APPS - {model._meta.app_label}
    }


def _lookups(tree: ast.AST) -> list[str]:
    calls = [call for call in ast.walk(tree) if isinstance(call, ast.Call)]
    named = [keyword.arg for call in calls for keyword in call.keywords if keyword.arg]
    texts = [text.value for call in calls for text in call.args if isinstance(text, ast.Constant)]
    return named + [text.lstrip("-") for text in texts if isinstance(text, str) and "__" in text]


def test_lookups_stop_at_another_apps_key() -> None:
    foreign = _foreign_fields()
    broken = []
    for app in APPS:
        for file in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            for name in _lookups(ast.parse(file.read_text())):
                head, _, rest = name.partition("__")
                beyond = rest not in {"", "in", "isnull", "pk", "id", "pk__in", "id__in"}
                if head in foreign and foreign[head] != app and beyond:
                    broken.append(f"{file.name}: {name}")
    assert broken == []
