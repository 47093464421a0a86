"""A steward's deeds with consent forms; a published version never changes again."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from consent.models import Form, FormVersion
from consent.permissions import require_steward
from consent.rules.form_content import content_digest, parse_content
from consent.rules.lifecycle import FormVersionState
from core.accounts.models import Programme
from core.actors import Actor
from core.audit.record import record
from core.errors import Conflict
from core.lifecycle import move


def draft_form(*, programme: Programme, slug: str, content: dict[str, Any], by: Actor) -> FormVersion:
    """The next version of the programme's form as a draft; raises FormError for content that cannot be published."""
    require_steward(by, programme.pk)
    parsed = parse_content(content)
    try:
        with transaction.atomic():
            form, _ = Form.objects.get_or_create(programme=programme, slug=slug, defaults={"created_by": by.actor_id})
            last = form.versions.order_by("-number").first()
            version = FormVersion.objects.create(
                form=form,
                number=last.number + 1 if last else 1,
                language=parsed.language,
                content=content,
                text_sha256=content_digest(content),
                created_by=by.actor_id,
            )
            record("form.drafted", version, by=by, data={"number": version.number, "sha256": version.text_sha256})
    except IntegrityError:
        raise Conflict("Someone else has just made the next version of this form. Look at theirs first.") from None
    return version


def edit_form(*, version: FormVersion, content: dict[str, Any], by: Actor) -> FormVersion:
    """Replaces a draft's content; raises Conflict once it is published."""
    require_steward(by, version.form.programme_id)
    parsed = parse_content(content)
    digest = content_digest(content)
    with transaction.atomic():
        changed = FormVersion.objects.filter(pk=version.pk, state=FormVersionState.DRAFT).update(
            content=content, text_sha256=digest, language=parsed.language
        )
        if not changed:
            raise Conflict("This version is published and cannot be changed. Make a new version instead.")
        record("form.edited", version, by=by, data={"sha256": digest})
    version.refresh_from_db()
    return version


def publish_form(*, version: FormVersion, by: Actor) -> FormVersion:
    """Publishes a draft and retires the form's version before it: from now on donors sign this one."""
    require_steward(by, version.form.programme_id)
    parse_content(version.content)
    with transaction.atomic():
        for other in FormVersion.objects.filter(form=version.form, state=FormVersionState.PUBLISHED):
            move(other, FormVersionState.RETIRED, by=by, why="superseded")
        move(version, FormVersionState.PUBLISHED, by=by, published_at=timezone.now())
    return version


def retire_form(*, version: FormVersion, by: Actor) -> None:
    """Offers the version no longer; what was signed stays."""
    require_steward(by, version.form.programme_id)
    move(version, FormVersionState.RETIRED, by=by, why="retired")
