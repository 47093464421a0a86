"""Which options of the standard's profile hold, and what a project adds: three layers, each only stricter."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydicom.datadict import tag_for_keyword

from .rules import OPTIONS, STANDARD_DIGEST

#: Options that say the opposite of each other (PS3.15 section E.3.6).
CONFLICTS = (("retain_long_full_dates", "retain_long_modified_dates"),)
#: Action codes of PS3.15 Table E.1-1a that a project may demand, the strictest last.
PROJECT_ACTIONS = ("U", "D", "Z", "X")
#: SOP class and the object's own UIDs: they are replaced in any case, and without them nothing can be written.
ESSENTIAL = frozenset({0x00080016, 0x00080018, 0x0020000D, 0x0020000E})
_FIELDS = frozenset({"name", "options", "rules", "refuse"})


class ProfileError(ValueError):
    """A profile that cannot be used; the text is a sentence that says why."""


@dataclass(frozen=True)
class Profile:
    """The Basic Profile with some of its ten options, and a project's own stricter rules.

    `project`: tag -> action code; it holds wherever it is stricter than what the standard's table and our own layer
    say for that element. `refuse`: SOP classes that this project does not take. Raises ProfileError when options
    are unknown or contradict each other.
    """

    name: str
    options: frozenset[str] = frozenset()
    project: Mapping[int, str] = field(default_factory=dict)
    refuse: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        unknown = sorted(self.options - set(OPTIONS))
        if unknown:
            raise ProfileError(f"The profile's option {unknown[0]} is not one of: {', '.join(OPTIONS)}.")
        for one, other in CONFLICTS:
            if self.has(one) and self.has(other):
                raise ProfileError(f"The profile's options {one} and {other} contradict each other. Choose one.")

    def has(self, option: str) -> bool:
        """Whether an option of PS3.15 Table E.1-1 is chosen."""
        return option in self.options

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything that decides under this profile; it changes when any rule does."""
        own = [sorted(self.options), sorted(self.project.items()), sorted(self.refuse)]
        return hashlib.sha256(json.dumps([STANDARD_DIGEST, *own]).encode()).hexdigest()


BASIC = Profile("basic")
RESEARCH = Profile(
    "research",
    frozenset(
        {
            "clean_descriptors",
            "clean_graphics",
            "clean_structured_content",
            "retain_long_modified_dates",
            "retain_patient_characteristics",
            "retain_safe_private",
        }
    ),
)
PROFILES = {profile.name: profile for profile in (BASIC, RESEARCH)}


def load_profile(name_or_file: str) -> Profile:
    """`basic`, `research`, or the profile that a TOML file describes; raises ProfileError with a sentence.

    The file has `options` (a list), and may have `name`, `refuse` (SOP class UIDs) and a table `rules` from a tag such
    as "(0010,0040)" or a keyword such as PatientSex to one of U, D, Z, X (PS3.15 Table E.1-1a).
    """
    if name_or_file in PROFILES:
        return PROFILES[name_or_file]
    try:
        content = tomllib.loads(Path(name_or_file).read_text(encoding="utf-8"))
    except OSError:
        raise ProfileError(f"The profile is neither {' nor '.join(PROFILES)}, nor a file that can be read.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise ProfileError("The profile's file is not TOML.") from None
    return profile_from(content)


def profile_from(content: Mapping[str, Any]) -> Profile:
    """The profile that a file's content describes; raises ProfileError with a sentence."""
    unknown = sorted(set(content) - _FIELDS)
    if unknown:
        raise ProfileError(f"The profile's field {unknown[0]} is not one of: {', '.join(sorted(_FIELDS))}.")
    rules = content.get("rules", {})
    if not isinstance(rules, Mapping):
        raise ProfileError("The profile's rules are not a table of tags and actions.")
    return Profile(
        name=str(content.get("name", "project")),
        options=frozenset(_texts(content, "options")),
        project={_tag(str(key)): _action(str(key), value) for key, value in rules.items()},
        refuse=frozenset(_texts(content, "refuse")),
    )


def _texts(content: Mapping[str, Any], name: str) -> list[str]:
    found = content.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ProfileError(f"The profile's {name} are not a list of texts.")
    return found


def _tag(key: str) -> int:
    digits = key.strip("()").replace(",", "")
    try:
        tag = int(digits, 16) if len(digits) == 8 and not key.isalpha() else tag_for_keyword(key)
    except ValueError:
        tag = None
    if tag is None:
        raise ProfileError(f"The profile's rule for {key[:40]} names no DICOM attribute.")
    if tag in ESSENTIAL:
        raise ProfileError(f"The profile's rule for {key[:40]} would leave no object: that one is always replaced.")
    return tag


def _action(key: str, value: object) -> str:
    if value not in PROJECT_ACTIONS:
        raise ProfileError(
            f"The profile's rule for {key[:40]} would weaken what holds: a project can only demand "
            f"{', '.join(PROJECT_ACTIONS)}."
        )
    return str(value)
