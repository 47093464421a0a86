"""The agreement that a researcher signs, as text; its SHA-256 is kept with the signature."""

from collections.abc import Callable, Mapping, Sequence

from consent.rules.verdicts import Obligation
from core.texts import gettext_noop as _
from registry.rules.evidence import PROVED

_TEXT = _("""Agreement on the use of donated images

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
""")
_ASKED = _("What the donors ask of you")
_DECIDED = _("What the donors left to the committee, and what it decided for this purpose")
_COVERED, _NOT_COVERED = _("Covered: {}"), _("Not covered: {}")
_DUTY = _("{sentence} What shows it: {evidence}.")
_GIVE = _("Give it to us {when}.")


def agreement_text(
    facts: Mapping[str, str],
    purpose: list[tuple[str, str]],
    obligations: Sequence[Obligation] = (),
    decided: Sequence[tuple[str, bool]] = (),
    say: Callable[[str], str] = str,
) -> str:
    """The agreement's very text. `facts` fills each name in braces, but `purpose`, `asked` and `decided`.

    `obligations` are what the donors' consents ask for this purpose, beyond what every agreement says. `decided`: the
    sentences of what consents leave to a person, and whether the committee found each covered. `say` puts this text
    into the language in which it is read and signed; everything that it is filled with is in that language already.
    """
    lines = "\n".join(f"  {question}: {answer}" for question, answer in purpose)
    duties = "\n".join(f"  {n}. {_duty(each, say)}" for n, each in enumerate(obligations, 1))
    asked = f"\n{say(_ASKED)}\n{duties}\n" if duties else ""
    found = "\n".join(
        f"  {say(_COVERED if covered else _NOT_COVERED).format(sentence)}" for sentence, covered in decided
    )
    left = f"\n{say(_DECIDED)}\n{found}\n" if found else ""
    return say(_TEXT).format_map({**facts, "purpose": lines, "asked": asked, "decided": left})


def _duty(each: Obligation, say: Callable[[str], str]) -> str:
    """What is to be done, what shows it, and until when evidence is due where the grantee has to give it."""
    said = say(_DUTY).format(sentence=each.sentence, evidence=each.evidence)
    if each.code not in PROVED:
        return said
    return f"{said} {say(_GIVE).format(when=say(PROVED[each.code].words))}"
