"""Makes the conformance statement (PS3.15 section E.1.3) from the rules, so that it claims what the engine does."""

from collections.abc import Iterable
from string import Template

from pydicom.uid import UID, UID_dictionary

from .document import table
from .files.syntax import ENCODINGS
from .files.write import IMPLEMENTATION_NAME, IMPLEMENTATION_UID
from .resources import DATA
from .standard.claims import BASIC as BASIC_CODE
from .standard.claims import OPTION_CODES
from .standard.profile import BASIC, CONFLICTS, RESEARCH, Profile
from .standard.rules import OPTIONS, SOURCE
from .standard.sop_classes import LOOKED_AT, MAPS, PROJECTION, TOMOGRAPHIC, WITHOUT_PICTURE, refusal

_PROFILES = (BASIC, RESEARCH)


def conformance() -> str:
    """The page `docs/reference/deid-conformance.md`."""
    template = Template((DATA / "conformance.md").read_text(encoding="utf-8"))
    return template.substitute(
        source=SOURCE,
        implementation=IMPLEMENTATION_UID.decode(),
        version=IMPLEMENTATION_NAME.decode().strip(),
        basic=f"{BASIC_CODE[0]}, {BASIC_CODE[1]}",
        profiles=table(("Profile", "Digest"), ((f"`{each.name}`", f"`{each.digest}`") for each in _PROFILES)),
        options=table(("Option", "Code", "`basic`", "`research`", "Own profile"), map(_option, OPTIONS)),
        conflicts="; ".join(f"{_meaning(one)} with {_meaning(other)}" for one, other in CONFLICTS),
        taken=table(("", "SOP classes"), _taken()),
        syntaxes=", ".join(UID(uid).name for uid in ENCODINGS),
        classes=table(("SOP class", "UID", "`basic`", "`research`"), _classes()),
    )


def _meaning(option: str) -> str:
    return OPTION_CODES[option][1]


def _option(option: str) -> tuple[str, ...]:
    code, meaning = OPTION_CODES[option]
    return meaning, code, *("yes" if profile.has(option) else "no" for profile in _PROFILES), "if chosen"


def _taken() -> Iterable[tuple[str, str]]:
    yield "Made by a device from the body; shared without a look where nothing speaks against it", str(len(TOMOGRAPHIC))
    yield "Projections; the same, where they say that nothing is burned in", str(len(PROJECTION))
    yield "Pictures that are always looked at", str(len(LOOKED_AT))
    yield f"No picture of the body ({len(MAPS)} of them store numbers as pixels)", str(len(WITHOUT_PICTURE))


def _classes() -> Iterable[tuple[str, ...]]:
    """Every storage SOP class that pydicom's UID dictionary knows, and what each profile does with it."""
    for uid, (name, kind, *_) in sorted(UID_dictionary.items(), key=lambda entry: entry[1][0]):
        if kind == "SOP Class" and "Storage" in name and "Storage Commitment" not in name:
            yield name, f"`{uid}`", *(_verdict(uid, profile) for profile in _PROFILES)


def _verdict(uid: str, profile: Profile) -> str:
    reason = refusal(uid, profile.options)
    return f"refused: `{reason}`" if reason else "taken"
