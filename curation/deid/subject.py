"""The subject of some files: its keys, what they made of values so far, and whom its files named."""

from collections.abc import Callable

from .named import People
from .notes import Notes
from .texts.facts import NOTHING, Facts
from .texts.questions import Questions
from .values.keys import SubjectKey
from .values.lent import Lent
from .values.made import Made


class Subject:
    """What all files of a subject share while they are cleaned. Not to be shared by threads."""

    def __init__(
        self,
        key: SubjectKey,
        group_key: SubjectKey | None = None,
        study: Facts = NOTHING,
        notes: Callable[[], Notes] = Notes,
        lent: Lent | None = None,
    ) -> None:
        """`study`: what other files say about the subject. `notes` makes those for each part of a file.

        `lent`: what is there of a group key that is elsewhere.
        """
        self.key = key
        self.group_key = group_key or key
        self.made = Made(self.key, self.group_key, lent)
        self.people = People(study)
        self.questions = Questions()
        self.new_notes = notes
