"""Whose file is it? Tables of what hospitals write, and properties that no spelling may break."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.identity import Outcome, Person, compare, key_text, read_date
from registry.rules.names import groups, words

ANNA = Person("Anna Maria", "Müller", ("Schmidt",), date(1950, 3, 14))
SAME, OTHER, NONE = Outcome.MATCH, Outcome.DIFFERENT, Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("name", "born", "outcome"),
    [
        ("Müller^Anna", "19500314", SAME),
        ("MUELLER^ANNA", "", SAME),
        ("MULLER^ANNA MARIA", "", SAME),
        ("Müller^Anna^Maria^Dr", "", SAME),
        ("Anna Müller", "", SAME),
        ("Müller, Anna", "", SAME),
        ("Müller^Annamaria", "", SAME),
        ("Schmidt^Anna", "", SAME),
        ("Schmidt-Müller^Anna", "", SAME),
        ("von Müller^Anna", "", SAME),
        ("山田^花子=Müller^Anna", "", SAME),
        ("Müller^Anna", "1950.03.14", SAME),
        ("Müller^A", "", NONE),
        ("Müller^A", "19500314", SAME),
        ("Müller^A", "19510314", OTHER),
        ("Müller^Ann", "", NONE),
        ("Müller", "", NONE),
        ("Müller", "19200101", OTHER),
        ("Müller^Anna", "19200101", OTHER),  # a mother and a daughter of one name
        ("Müller^Bertha", "", OTHER),
        ("Müller^Bertha", "19500314", OTHER),  # a twin
        ("Meier^Anna", "", OTHER),
        ("Meier^Anna", "19500314", OTHER),
        ("Smith^John", "", OTHER),
        ("", "", NONE),
        ("", "19500314", SAME),
        ("", "19200101", OTHER),
        ("", "19000101", NONE),
        ("", "nonsense", NONE),
        ("^^^^", "", NONE),
        ("ANONYMOUS", "", NONE),
        ("Anonymous^Patient", "", NONE),
        ("CQ500-CT-310", "", NONE),
        ("PANCREAS_0001", "", NONE),
        ("山田^花子", "", NONE),
        ("山田^花子", "19500314", SAME),
        ("山田^花子", "19200101", OTHER),
        ("Мюллер^Анна", "", NONE),
    ],
)
def test_what_hospitals_write(name: str, born: str, outcome: Outcome) -> None:
    assert compare(name, born, ANNA) is outcome


@pytest.mark.parametrize(
    ("given_name", "family_name", "name", "outcome"),
    [
        ("太郎", "山田", "Yamada^Tarou=山田^太郎=やまだ^たろう", SAME),
        ("Tarou", "Yamada", "Yamada^Tarou=山田^太郎=やまだ^たろう", SAME),
        ("Jiro", "Yamada", "Yamada^Tarou=山田^太郎", OTHER),
        ("Иван", "Петров", "ПЕТРОВ^ИВАН", SAME),
        ("Иван", "Петров", "Петров^Олег", OTHER),
        ("Mary-Jane", "O'Brien", "OBRIEN^MARY JANE", SAME),
        ("Mary", "O'Brien", "O BRIEN^MARY", SAME),
        ("Jan", "van der Berg", "VANDERBERG^JAN", SAME),
        ("Jan", "van der Berg", "van Dijk^Jan", OTHER),
        ("José", "García Márquez", "GARCIA^JOSE", SAME),
        ("Le", "Van", "VAN^LE", SAME),
        ("Søren", "Kierkegård", "KIERKEGAARD^SOEREN", SAME),
        ("Łukasz", "Wałęsa", "WALESA^LUKASZ", SAME),
        ("Thomas", "Thomas", "THOMAS^THOMAS", SAME),
    ],
)
def test_names_of_the_world(given_name: str, family_name: str, name: str, outcome: Outcome) -> None:
    assert compare(name, "", Person(given_name, family_name, (), date(1950, 3, 14))) is outcome


WORD = st.text(st.characters(whitelist_categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=3, max_size=12).filter(
    lambda text: all(len(word) >= 3 for form in words(text) for word in form) and len(words(text)) == 1 and groups(text)
)
DAY = st.dates(date(1905, 1, 1), date(2020, 1, 1)).filter(lambda day: read_date(f"{day:%Y%m%d}") is not None)


@given(WORD, WORD, DAY)
def test_ones_own_file_is_never_held(given_name: str, family_name: str, born: date) -> None:
    person = Person(given_name, family_name, (), born)
    for name in (
        f"{family_name}^{given_name}",
        f"{given_name}^{family_name}",
        f"{family_name.upper()}^{given_name.upper()}",
    ):
        assert compare(name, f"{born:%Y%m%d}", person) is Outcome.MATCH
        assert compare(name, "", person) is Outcome.MATCH


@given(WORD, WORD, DAY, DAY)
def test_another_birth_date_is_never_overruled(given_name: str, family_name: str, born: date, other: date) -> None:
    outcome = compare(f"{family_name}^{given_name}", f"{other:%Y%m%d}", Person(given_name, family_name, (), born))
    assert outcome is (Outcome.MATCH if other == born else Outcome.DIFFERENT)


@given(st.text(max_size=40), st.text(max_size=12))
def test_nothing_that_a_file_says_breaks_it(name: str, born: str) -> None:
    assert compare(name, born, ANNA) in Outcome
    key_text(name, born)


def test_a_key_is_one_persons_however_written() -> None:
    assert key_text("Müller^Anna", "19500314") == key_text("ANNA^MÜLLER", "1950.03.14")
    assert key_text("Müller^Anna", "19500314") != key_text("Müller^Anna", "19500315")
    assert key_text("^^", "19500314") == ""


def test_a_person_is_not_printed() -> None:
    assert "Müller" not in repr(ANNA)
