"""Stores verdicts: what the rules, in which version, said of which terms and which question on which day."""

from uuid import UUID

from django.utils import timezone

from consent.models import TermsRow, UseVerdict
from consent.queries.diseases import ontology_in_use, rules_version
from consent.queries.standing import in_use
from consent.queries.use import matcher
from consent.rules.asked import Question, asked
from consent.rules.use import digest


def remember(question: Question, programme_id: UUID) -> int:
    """Keeps today's verdict on it for each set of terms that may be used in the programme; returns how many."""
    today, put = timezone.now().date(), asked(question)
    rows = TermsRow.objects.filter(pk__in=in_use(programme_id).values("terms_id"))
    match, version = matcher(put, today), rules_version(ontology_in_use())
    verdicts = [(row, match(row.digest, row.canonical)) for row in rows]
    UseVerdict.objects.bulk_create(
        [
            UseVerdict(
                terms=row,
                use_digest=digest(put.use),
                question_digest=put.digest,
                rules_version=version,
                day=today,
                outcome=verdict.outcome,
                verdict=verdict.as_json(),
            )
            for row, verdict in verdicts
        ],
        ignore_conflicts=True,
    )
    return len(verdicts)
