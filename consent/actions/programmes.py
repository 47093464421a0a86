"""What stewards decide for their programme: whom donors may ask, how long they have to sign again, what counts."""

from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from consent.models import MinimumCheck
from consent.permissions import require_steward
from consent.rules.renewal import LEAST_DAYS, MOST_DAYS
from core.accounts.checks import IdentityCheck
from core.accounts.models import Programme
from core.actors import Actor
from core.audit.record import record
from core.errors import Invalid
from core.texts import Filled
from core.texts import gettext_noop as _

_FIELDS: Final = (
    "contact_name",
    "contact_email",
    "contact_phone",
    "contact_hours",
    "renewal_days",
    "minimum_check",
)


def set_programme(*, programme: Programme, by: Actor, **values: Any) -> Programme:
    """Changes what `values` names (see _FIELDS), from now on. Raises Invalid with a sentence per field."""
    require_steward(by, programme.pk)
    unknown = set(values) - set(_FIELDS)
    if unknown:
        raise Invalid("A programme has no such setting.")
    days, check = values.get("renewal_days", LEAST_DAYS), values.get("minimum_check", IdentityCheck.SELF_DECLARED)
    if not LEAST_DAYS <= days <= MOST_DAYS:
        sentence = Filled(_("Give donors from {least} to {most} days."), least=LEAST_DAYS, most=MOST_DAYS)
        raise Invalid(sentence, fields={"renewal_days": sentence})
    if check not in set(IdentityCheck):
        raise Invalid("Choose one of the checks.", fields={"minimum_check": "Choose one of the checks."})
    with transaction.atomic():
        # Two stewards at once: the second waits here, so that the rows of minimums follow what the programme says.
        before = Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
        Programme.objects.filter(pk=programme.pk).update(**values)
        programme.refresh_from_db()
        if programme.minimum_check != before.minimum_check:
            MinimumCheck.objects.create(
                programme=programme, identity=programme.minimum_check, since=timezone.now(), decided_by=by.actor_id
            )
        facts = {"renewal_days": programme.renewal_days, "minimum_check": programme.minimum_check}
        record("programme.changed", programme, by=by, data=facts)
    return programme
