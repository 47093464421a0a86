"""Texts that are translated where they are shown: for rules and refusals, which know no Django."""

from collections.abc import Iterable, Mapping


def gettext_noop(text: str) -> str:
    """The text as it is; whoever gathers texts for translation finds it by this name."""
    return text


class Filled(str):
    """A sentence with words in its places: English as it stands, and translated whole where it is shown.

    `template` has a name in braces for each place and is marked with gettext_noop; core/spoken.py translates it. A word
    that is Filled itself is translated with it, and days and whole numbers are written as the reader's language does;
    any other word (a name, a code, what a steward wrote) stays. Without words it is a text that is to be translated in
    another's place.
    """

    template: str
    words: Mapping[str, object]

    def __new__(cls, template: str, **words: object) -> "Filled":
        """The sentence; raises KeyError where a place has no word."""
        if isinstance(template, Filled) and not words:
            return template
        english = {name: _english(word) for name, word in words.items()}
        text = super().__new__(cls, template.format(**english) if words else template)
        text.template, text.words = template, words
        return text

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        """What a copy is made of, so that it is Filled too."""
        return (self.template,), dict(self.words)


def _english(word: object) -> object:
    return f"{word:,}" if isinstance(word, int) and not isinstance(word, bool) else word


def listed(texts: Iterable[str], between: str = gettext_noop("{this}, {that}")) -> str:
    """The texts as one, each translated, with what `between` says between them; empty where there are none."""
    said = ""
    for text in texts:
        said = Filled(between, this=said, that=Filled(text)) if said else Filled(text)
    return said


def in_a_row(sentences: Iterable[str]) -> Filled:
    """Several whole sentences, one after the other, each translated by itself."""
    words = {f"s{number}": Filled(sentence) for number, sentence in enumerate(sentences)}
    return Filled(" ".join(f"{{{name}}}" for name in words), **words)
