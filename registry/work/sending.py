"""Ends all ways by which files were still to come into a donation: uploads in parts, and hospitals that were asked."""

from uuid import UUID

from core.actors import Actor
from registry.queries.donations import open_uploads
from registry.queries.invitations import open_invitations
from registry.work.inviting import end_invitations
from registry.work.parts import end_uploads


def end_sending(donation_id: UUID, *, by: Actor, why: str) -> None:
    """In the caller's transaction, with the donation's own end or sending; what came in whole stays."""
    end_uploads(open_uploads(donation_id), by=by, why=why)
    end_invitations(open_invitations(donation_id), by=by, why=why)
