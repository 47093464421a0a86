"""Says that everything was sent: what was promised must have come; the answer is a receipt, each time the same."""

from typing import Any

from core.actors import Actor
from core.errors import Conflict
from registry.actions.donations import submit_donation
from registry.models import Donation
from registry.permissions import require_donor
from registry.queries.donations import open_uploads
from registry.queries.receipts import receipt_of
from registry.rules.lifecycle import DonationState


def complete_donation(*, donation: Donation, by: Actor) -> dict[str, Any]:
    """Sends the donation off and gives its receipt; completing twice gives the same one.

    Raises Conflict, with nothing changed, where bytes of promised files are missing (code `incomplete`), and as
    `submit_donation`, which sends without them.
    """
    require_donor(by, donation.donor_id)
    if donation.state in (DonationState.ABANDONED, DonationState.WITHDRAWN):
        raise Conflict("This donation was taken back, so there is no receipt.", "closed")
    missing = open_uploads(donation.pk).count() if donation.is_unsent else 0
    if missing:
        raise Conflict(
            f"Files that have not come in whole: {missing}. Send what is missing, or send the donation without it.",
            "incomplete",
        )
    submit_donation(donation=donation, by=by)
    receipt = receipt_of(donation)
    if receipt is None:
        raise Conflict("This donation was sent before there were receipts.", "no_receipt")
    return receipt
