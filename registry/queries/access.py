"""Requests and grants as their readers may see them, and the one gate through which a grant reaches images."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from consent import queries as consent
from consent.rules.asked import Question, asked
from consent.rules.verdicts import Obligation
from core.accounts.queries import Reader, holds, programmes
from core.accounts.roles import Role
from core.errors import Missing, NotAllowed
from core.texts import gettext_noop as _
from registry.models import AccessRequest, DatasetVersion, Grant, HolderNotice, VersionEntry
from registry.queries.asked import asked_in
from registry.queries.evidence import needs_first, owes_late, why_nothing_new
from registry.queries.recall import is_suspended, overdue_notices
from registry.rules.counts import SMALL, Share, share
from registry.rules.lifecycle import GrantState, ImageState, RequestState, VersionState

SUSPENDED = _(
    "Your access in this programme rests, because an answer is overdue: say what became of copies of images that were "
    "taken back. It comes back with the answer."
)


def requests_of(user: Reader) -> QuerySet[AccessRequest]:
    """The user's own requests, newest first."""
    return AccessRequest.objects.filter(researcher_id=user.pk).select_related("version__dataset", "programme")


def requests_visible(user: Reader) -> QuerySet[AccessRequest]:
    """The user's own, and those sent to programmes in which they sit on the committee, are steward or auditor."""
    watched = programmes(user, Role.COMMITTEE, Role.STEWARD, Role.AUDITOR)
    sent = Q(programme__in=watched) & ~Q(state=RequestState.DRAFT)
    own = Q(researcher_id=user.pk)
    return AccessRequest.objects.filter(own | sent).select_related("version__dataset", "programme", "researcher")


def requests_to_decide(user: Reader) -> QuerySet[AccessRequest]:
    """Requests that this committee member may still vote on: sent, not their own, not voted on by them."""
    mine = programmes(user, Role.COMMITTEE)
    sent = AccessRequest.objects.filter(programme__in=mine, state=RequestState.SUBMITTED)
    return sent.exclude(researcher_id=user.pk).exclude(votes__member_id=user.pk).select_related("version__dataset")


def grants_of(user: Reader) -> QuerySet[Grant]:
    """The user's own grants, newest first."""
    return Grant.objects.filter(researcher_id=user.pk).select_related("version__dataset", "request", "programme")


def grants_visible(user: Reader) -> QuerySet[Grant]:
    """The user's own, and those of programmes in which they sit on the committee, are steward or auditor."""
    watched = programmes(user, Role.COMMITTEE, Role.STEWARD, Role.AUDITOR)
    found = Grant.objects.filter(Q(researcher_id=user.pk) | Q(programme__in=watched))
    return found.select_related("version__dataset", "request", "programme", "researcher")


def usable_grant(user: Reader, grant_id: UUID) -> Grant:
    """The user's own grant, if it gives access now; raises Missing, or NotAllowed with the reason as a sentence."""
    grant = grants_of(user).filter(pk=grant_id).first()
    if grant is None:
        raise Missing("There is no such grant.")
    if refusal := refusal_of(user, grant):
        raise refusal
    return grant


def refusal_of(user: Reader, grant: Grant) -> NotAllowed | None:
    """Why the user's own grant gives no access now, or None where it does; `in_force` asks the same of many."""
    if not holds(user, grant.programme_id, Role.RESEARCHER):
        return NotAllowed("You are no longer a researcher of this programme, so this access has ended.", "role")
    refusals = {
        GrantState.OFFERED: (_("You have not signed the agreement yet."), "unsigned"),
        GrantState.REVOKED: (_("This access was ended by the registry."), "revoked"),
        GrantState.EXPIRED: (_("This access has ended: its time is over."), "expired"),
    }
    if GrantState(grant.state) in refusals:
        return NotAllowed(*refusals[GrantState(grant.state)])
    if grant.expires_at <= timezone.now():
        return NotAllowed(*refusals[GrantState.EXPIRED])
    if owed_answer(grant) is not None:
        return NotAllowed(SUSPENDED, "suspended")
    if sentence := why_nothing_new(grant):
        return NotAllowed(sentence, "evidence")
    if grant.version.state != VersionState.FROZEN:
        return NotAllowed("This version takes no new use. Ask for access to the newest one.", "version_closed")
    return None


def in_force(grants: QuerySet[Grant]) -> QuerySet[Grant]:
    """Those of the grants that stop at nothing of `refusal_of` but their version and their holder's role."""
    signed = grants.filter(state=GrantState.ACTIVE, expires_at__gt=timezone.now())
    return signed.filter(~is_suspended(), ~needs_first(), ~owes_late())


def owed_answer(grant: Grant) -> HolderNotice | None:
    """The oldest answer that the grant's holder owes in its programme; their access rests until it is given."""
    owed = overdue_notices().filter(grant__researcher=grant.researcher_id, grant__programme=grant.programme_id)
    return owed.order_by("deadline", "id").first()


def entries_for(grant: Grant) -> QuerySet[VersionEntry]:
    """What the grant reaches now: nothing while its holder owes an answer, else what the donors permit."""
    return VersionEntry.objects.none() if owed_answer(grant) is not None else permitted_entries(grant)


def permitted_entries(grant: Grant) -> QuerySet[VersionEntry]:
    """Images that are available, of donors whose consent permits the grant's use today."""
    now = timezone.now()
    permitted = consent.permitted(asked_in(grant), programme_id=grant.programme_id)
    return (
        VersionEntry.objects.filter(
            version_id=grant.version_id,
            tombstoned_at=None,
            image__state=ImageState.AVAILABLE,
            donor_id__in=permitted.values("pk"),
        )
        # Who wants nothing new stays in what was signed before, and in nothing later.
        .exclude(donor_id__in=consent.closed_to_new(grant.programme_id, at=grant.signed_at or now).values("pk"))
        .select_related("image")
        .order_by("position")
    )


def reach_of(donor_id: UUID) -> Callable[[Grant], bool]:
    """Whether the donor lets one grant after another reach them now, as `permitted_entries` asks it; asked in one go.

    Whether a grant may be used at all is another question: `refusal_of`.
    """
    permits, closed = consent.answers_of(donor_id), consent.closed_since(donor_id)

    def reaches(grant: Grant) -> bool:
        is_closed = closed is not None and closed <= (grant.signed_at or timezone.now())
        return not is_closed and permits(asked_in(grant)).allowed

    return reaches


def donor_counts(version: DatasetVersion, question: Question) -> tuple[int, int]:
    """(donors of the version whose consent permits the use today, donors of the version)."""
    return consent.counts(question, donors_in(version), programme_id=version.programme_id)


def last_day(version: DatasetVersion, question: Question) -> date | None:
    """The last day on which any donor of the version permits the use; None where that has no end."""
    return consent.last_day(question, donors_in(version), programme_id=version.programme_id)


def obligations_of(version: DatasetVersion, question: Question) -> list[Obligation]:
    """What the version's donors who permit the use ask of whoever gets access, as their consents are today."""
    return consent.obligations(question, donors_in(version), programme_id=version.programme_id)


@dataclass(frozen=True)
class Told:
    """How many donors permit a use, how many leave it to the committee, and the day.

    `left` is None where few do, for that a line stands there would say that there is somebody; a sensitive use says so
    itself.
    """

    share: Share
    left: Share | None
    day: date


def donors_told(version: DatasetVersion, question: Question) -> Told | None:
    """How many of the version's donors permit the use, as researchers are told it, and when they were counted.

    By the count of a day and in tens: whoever asks twice learns nothing. Of two uses that differ by a word the answers
    may differ by a ten, which says that some donor tells them apart, and not who. None before the first count.
    """
    found = consent.tallied(question, version.pk)
    if found is None:
        return None
    left = share(found.left, found.total)
    is_told = asked(question).use.sensitive or not left.few
    return Told(share(found.permitted, found.total), left if is_told else None, found.day)


def versions_to_count() -> set[UUID]:
    """Versions in use whose donors have not been counted today."""
    frozen = DatasetVersion.objects.filter(state=VersionState.FROZEN).values_list("pk", flat=True)
    return consent.not_tallied(frozen, timezone.now().date())


def donors_in(version: DatasetVersion) -> QuerySet[Any]:
    """Those whose images are in it, whose consent is in force and open to new uses; a new request reaches no others."""
    held = VersionEntry.objects.filter(version=version, tombstoned_at=None)
    closed = consent.closed_to_new(version.programme_id)
    active = consent.active(version.programme_id).exclude(pk__in=closed.values("pk"))
    return active.filter(pk__in=held.values("donor_id"))


def exclusions(version: DatasetVersion, question: Question) -> Counter[str]:
    """How many of the version's donors did not permit the use at the day's count, by the code of the reason."""
    found = consent.tallied(question, version.pk)
    return found.denied if found else Counter()


def duties_told(version: DatasetVersion, question: Question) -> list[Obligation]:
    """What ten donors or more ask for the use, by the day's count, in the order of the codes.

    Before access is given no more may be told: a condition of one donor, and the day on which it came, would show. The
    agreement has all of them.
    """
    found = consent.tallied(question, version.pk)
    duties = [duty for duty, number in found.duties.items() if number >= SMALL] if found else []
    return sorted(duties, key=lambda duty: (duty.code, duty.sentence))


def may_read_manifest(user: Reader, version: DatasetVersion) -> bool:
    """Whether the user holds a signed grant of the version that is in force, or is a steward of its programme.

    A grant whose use waits for evidence, or rests, opens nothing.
    """
    is_held = _in_force(user).filter(version=version).exists()
    return is_held or programmes(user, Role.STEWARD).filter(pk=version.programme_id).exists()


def counts_exactly(user: Reader) -> Callable[[DatasetVersion], bool]:
    """Of which versions the user may know the exact number of donors; everybody else is told it in tens.

    Stewards, curators and auditors of the programme may, and who holds the list of the version's files.
    """
    watched = set(programmes(user, Role.STEWARD, Role.CURATOR, Role.AUDITOR).values_list("pk", flat=True))
    held = set(_in_force(user).values_list("version_id", flat=True))
    return lambda version: version.programme_id in watched or version.pk in held


def _in_force(user: Reader) -> QuerySet[Grant]:
    """The user's own, in programmes whose researcher they are."""
    return in_force(grants_of(user)).filter(programme__in=programmes(user, Role.RESEARCHER))
