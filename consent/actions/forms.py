"""A steward's deeds with consent forms; a published version never changes again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone

from consent import tasks
from consent.models import Form, FormVersion
from consent.permissions import require_steward
from consent.queries import newest_published
from consent.rules.form_content import choices_of, content_digest, parse_content
from consent.rules.forms import Choice
from consent.rules.lifecycle import FormVersionState
from consent.rules.places import require_places
from consent.rules.renewal import LEAST_DAYS, MOST_DAYS, Change, changed_choices
from consent.rules.translations import parse_draft
from core.accounts.models import Programme
from core.actors import Actor
from core.audit.record import record
from core.due.queue import ask
from core.errors import Conflict, Invalid
from core.lifecycle import hold, move
from core.texts import Filled, in_a_row
from core.texts import gettext_noop as _

SUMMARY_MOST: Final = 2_000


def draft_form(*, programme: Programme, slug: str, content: dict[str, Any], by: Actor) -> FormVersion:
    """The next version of the programme's form as a draft; raises FormError for content that cannot be published.

    Its translations may lack texts until it is published.
    """
    require_steward(by, programme.pk)
    parsed = parse_draft(content)
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
    parsed = parse_draft(content)
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


def publish_form(
    *,
    version: FormVersion,
    by: Actor,
    change: Change | None = None,
    summary: str = "",
    days: int | None = None,
) -> FormVersion:
    """Publishes a draft and retires the version before it: from now on donors sign this one.

    Where there was one before, also one that is offered no longer, the steward says whether the change is minor or
    material and, in plain words, what changed. A material change makes every earlier consent due again within `days`
    (None: the programme's minimum). Raises Invalid for what is missing, for a choice that names a country that does not
    exist, for a minor change where choices changed, or for too few days; Conflict when another version was published
    meanwhile.
    """
    programme = version.form.programme
    require_steward(by, programme.pk)
    content = parse_content(version.content)
    require_places(content.choices)
    with transaction.atomic():
        # Two who publish at once: the second waits here, and what it looks at is what the first has published.
        Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
        hold(version)
        before = newest_published(programme.pk)
        _require_newest(version)
        decided = _decided(before, content.choices, change, summary, days)
        now = timezone.now()
        for other in FormVersion.objects.filter(form__programme=programme, state=FormVersionState.PUBLISHED):
            move(other, FormVersionState.RETIRED, by=by, why="superseded")
        renew_by = now + timedelta(days=decided.days) if decided.days else None
        said: dict[str, Any] = {"change": decided.change, "summary": decided.summary, "renew_by": renew_by}
        move(version, FormVersionState.PUBLISHED, by=by, published_at=now, **said)
        facts = {"number": version.number, "change": decided.change, "sha256": version.text_sha256}
        record("form.published", version, by=by, data=facts | {"days": decided.days})
        if decided.change == Change.MATERIAL:
            ask(tasks.TELL_OF_FORM, version.pk)
    return version


class Decided(NamedTuple):
    """What a steward decided about a version, as it may stand."""

    change: Change
    summary: str = ""
    days: int = 0


def _require_newest(version: FormVersion) -> None:
    """An older draft would bring back a text that donors have been told is replaced."""
    later = FormVersion.objects.filter(form=version.form, number__gt=version.number)
    if version.state == FormVersionState.DRAFT and later.exclude(state=FormVersionState.DRAFT).exists():
        raise Conflict("A later version has been published meanwhile. Make a new version from that one.", "overtaken")


def _decided(
    before: FormVersion | None, choices: Sequence[Choice], change: Change | None, summary: str, days: int | None
) -> Decided:
    if before is None:
        return Decided(Change.FIRST)
    fields: dict[str, str] = {}
    words = summary.strip()
    if change not in (Change.MINOR, Change.MATERIAL):
        fields["change"] = _("Say whether donors have to sign again.")
    elif change == Change.MINOR and (found := changed_choices(choices_of(before.content), choices)):
        sentence = _("Donors have to sign again, because the choices are not the same. {changes}")
        fields["change"] = Filled(sentence, changes=in_a_row(found))
    if not 10 <= len(words) <= SUMMARY_MOST:
        sentence = _("Say in plain words what changed, in 10 to {most} characters. Donors read it.")
        fields["summary"] = Filled(sentence, most=SUMMARY_MOST)
    least = max(LEAST_DAYS, before.form.programme.renewal_days)
    given = least if days is None else days
    if change == Change.MATERIAL and not least <= given <= MOST_DAYS:
        fields["days"] = Filled(_("Give donors from {least} to {most} days."), least=least, most=MOST_DAYS)
    if fields or change is None:
        raise Invalid(next(iter(fields.values())), "publishing", fields)
    return Decided(change, words, given if change == Change.MATERIAL else 0)


def retire_form(*, version: FormVersion, by: Actor) -> None:
    """Offers the version no longer: nobody signs it from now on, and what was signed on it stays as it is.

    Doing it twice changes nothing. Raises Conflict for a draft.
    """
    require_steward(by, version.form.programme_id)
    with transaction.atomic():
        hold(version)
        if version.state != FormVersionState.RETIRED:
            move(version, FormVersionState.RETIRED, by=by, why="retired")
