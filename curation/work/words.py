"""Notes the free texts of which something stays in what was made, each once a study, for a curator to read."""

from collections.abc import Iterable
from uuid import UUID

from curation.deid import Cleaned
from curation.models import StudyWords
from curation.rules.attributes import code_of

LONGEST = 1024


def note_words(results: Iterable[Cleaned], *, programme_id: UUID, donor_id: UUID) -> None:
    """Adds what no file of the donor's same study has brought before; in the caller's transaction."""
    found = {(result.study_uid, *line) for result in results for line in lines(result)}
    if not found:
        return
    mine = StudyWords.objects.filter(donor_id=donor_id, study_uid__in={study for study, _, _ in found})
    new = sorted(found - set(mine.values_list("study_uid", "attribute", "text")))
    rows = [
        StudyWords(programme_id=programme_id, donor_id=donor_id, study_uid=study, attribute=attribute, text=text)
        for study, attribute, text in new
    ]
    StudyWords.objects.bulk_create(rows, ignore_conflicts=True)  # another worker may note the same at this moment


def lines(result: Cleaned) -> set[tuple[str, str]]:
    """The attributes and texts of one file, each value by itself."""
    texts = {(tag, text) for notes in result.notes for tag, text in notes.texts}
    values = [(code_of(tag), value) for tag, text in texts for value in text.decode("ascii", "replace").split("\\")]
    return {(code, value[start : start + LONGEST]) for code, value in values for start in range(0, len(value), LONGEST)}
