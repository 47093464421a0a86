"""Marks a text that is to be translated where it is shown: for rules, which know no Django."""


def gettext_noop(text: str) -> str:
    """The text as it is; whoever gathers texts for translation finds it by this name."""
    return text
