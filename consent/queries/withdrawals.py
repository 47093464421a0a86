"""Withdrawals: the donor's own, and those that stewards and auditors watch over."""

from uuid import UUID

from django.core.signing import Signer
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare

from consent.models import Withdrawal
from consent.rules.lifecycle import WithdrawalState
from consent.rules.withdrawing import LEAVING
from core.accounts.queries import Reader, key_of, programmes
from core.accounts.roles import Role


def withdrawals_of(user: Reader) -> QuerySet[Withdrawal]:
    """The user's own withdrawals, newest first."""
    return Withdrawal.objects.filter(donor__person__user_id=key_of(user)).prefetch_related("steps").order_by("-id")


def withdrawal_key(withdrawal_id: UUID) -> str:
    """What opens a withdrawal's page without an account: the donor keeps it when their account is to be erased."""
    return Signer(salt="consent.withdrawal").signature(str(withdrawal_id))


def withdrawals_opened(withdrawal_id: UUID, key: str) -> QuerySet[Withdrawal]:
    """The withdrawal if `key` is its key, else nothing. It shows duties and proofs, never who it is."""
    right = constant_time_compare(key, withdrawal_key(withdrawal_id))
    found = Withdrawal.objects.filter(pk=withdrawal_id) if right else Withdrawal.objects.none()
    return found.prefetch_related("steps")


def withdrawals_watched(user: Reader) -> QuerySet[Withdrawal]:
    """Withdrawals of the programmes that `user` stewards or audits; they show duties and proofs, not who it is."""
    mine = programmes(user, Role.STEWARD, Role.AUDITOR)
    return Withdrawal.objects.filter(programme_id__in=mine.values("pk")).prefetch_related("steps").order_by("-id")


def withdrawal_under_way(donor_id: UUID) -> bool:
    """Whether duties of a withdrawal that ended this donor's consent are still open."""
    under_way = Withdrawal.objects.filter(donor_id=donor_id, state=WithdrawalState.UNDER_WAY)
    return under_way.filter(kind__in=LEAVING).exists()


def withdrawals_by_donor(donor_id: UUID) -> QuerySet[Withdrawal]:
    """Every withdrawal of one donor, for workers; newest first."""
    return Withdrawal.objects.filter(donor_id=donor_id).order_by("-id")
