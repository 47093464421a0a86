"""What must hold of the person who signs: a name, an age, and that they typed that very name."""

from datetime import date
from typing import Final

from core.errors import Invalid

ADULT: Final = 18


def same(name: str) -> str:
    """A name for comparing: case and spaces do not count."""
    return " ".join(name.split()).casefold()


def check_typed_name(typed_name: str, given_name: str, family_name: str) -> None:
    """Raises Invalid unless the typed name is the person's, given and family name in either order."""
    if same(typed_name) not in {same(f"{given_name} {family_name}"), same(f"{family_name} {given_name}")}:
        sentence = "Type your first name and your family name, as you gave them before."
        raise Invalid(sentence, "name", {"typed_name": sentence})


def check_person(given_name: str, family_name: str, birth_date: date, today: date) -> None:
    """Raises Invalid with a sentence per field: a name that is missing, a birth date that cannot be right, under 18."""
    fields = {}
    if not given_name.strip():
        fields["given_name"] = "Enter your first name."
    if not family_name.strip():
        fields["family_name"] = "Enter your family name."
    if not date(1900, 1, 1) <= birth_date <= today:
        fields["birth_date"] = "Enter your date of birth. It must be in the past."
    elif _age(birth_date, today) < ADULT:
        fields["birth_date"] = f"You must be {ADULT} or older to sign for yourself."
    if fields:
        raise Invalid("Some details are missing or cannot be right.", "person", fields)


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
