"""Whoever signs is told where their receipt is: a message, and an e-mail with its link that says nothing of health."""

from consent.models import Person, Signature
from consent.work.writing import write_to
from core.texts import gettext_noop as _

TITLE = _("Your receipt is here")
BODY = _("You have signed. Print the receipt or keep it as a file; it also stays here for you.")


def tell_of_receipt(person: Person, signature: Signature) -> None:
    """Once for each signature, in its own transaction; who asked for no e-mails finds it in their inbox only."""
    write_to(
        person.user_id,
        person.donor_id,
        title=TITLE,
        body=BODY,
        link=f"/receipts/{signature.pk}/",
        dedupe=f"receipt:{signature.pk}",
    )
