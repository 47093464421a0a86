"""The agreement that a researcher signs, as text; its SHA-256 is kept with the signature."""

from collections.abc import Mapping, Sequence

from consent.rules.verdicts import Obligation
from registry.rules.evidence import PROVED

_TEXT = """Agreement on the use of donated images

Between {programme} and {researcher}, {institution}.

What you may use
  Dataset: {dataset}, version {version}
  Its fingerprint (SHA-256): {digest}
  Until: {until}

What for
  {title}
  {aim}
{purpose}

What you agree to
  1. You use the images for this purpose and no other.
  2. You do not try to find out who a donor is. If you learn it by chance, you tell us at once and nobody else.
  3. The images stay here. Your programs come to them and run inside the registry, and only checked results leave.
  4. You give no one else access, and you do not share your sign-in.
  5. You name the dataset and its version wherever you publish what you found.
  6. If a donor withdraws, you stop using results that need their images, as soon as we tell you.
  7. If you break this agreement, your access ends. While evidence that you owe is overdue, you begin nothing new.
{asked}{decided}
What we do
  1. We show you only donors whose consent permits this purpose, today and on every day that you use the images.
  2. We tell you when something changes.
  3. We may end this access, and we tell you why.
"""


def agreement_text(
    facts: Mapping[str, str],
    purpose: list[tuple[str, str]],
    obligations: Sequence[Obligation] = (),
    decided: Sequence[tuple[str, bool]] = (),
) -> str:
    """The agreement's very text. `facts` fills each name in braces, but `purpose`, `asked` and `decided`.

    `obligations` are what the donors' consents ask for this purpose, beyond what every agreement says. `decided`: the
    sentences of what consents leave to a person, and whether the committee found each covered.
    """
    lines = "\n".join(f"  {question}: {answer}" for question, answer in purpose)
    duties = "\n".join(
        f"  {n}. {each.sentence} What shows it: {each.evidence}.{_when(each)}" for n, each in enumerate(obligations, 1)
    )
    asked = f"\nWhat the donors ask of you\n{duties}\n" if duties else ""
    found = "\n".join(f"  {'Covered' if is_covered else 'Not covered'}: {sentence}" for sentence, is_covered in decided)
    left = f"\nWhat the donors left to the committee, and what it decided for this purpose\n{found}\n" if found else ""
    return _TEXT.format_map({**facts, "purpose": lines, "asked": asked, "decided": left})


def _when(obligation: Obligation) -> str:
    """When evidence is due, where the grantee has to give it."""
    return f" Give it to us {PROVED[obligation.code].words}." if obligation.code in PROVED else ""
