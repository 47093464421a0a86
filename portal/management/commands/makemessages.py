"""Gathers texts for translation as Django does, and the sentences of refusals, which are translated where they show."""

from typing import Final

from django.core.management.commands import makemessages

#: What takes a sentence for a person besides gettext's own functions -> at which place.
SAID_BY: Final = {
    "Conflict": 1,
    "Invalid": 1,
    "Missing": 1,
    "NotAllowed": 1,
    "Unavailable": 1,
    "tell_researcher": 3,
    "tell_reviewers": 3,
}


class Command(makemessages.Command):
    """`makemessages` for this registry."""

    xgettext_options = [
        *makemessages.Command.xgettext_options,
        *(f"--keyword={name}:{place}" for name, place in SAID_BY.items()),
    ]
