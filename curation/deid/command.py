"""The commands as people type them, without Django: arguments, key, a run, and how it ended."""

import argparse
import os
import secrets
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from .engine import Deidentifier
from .explain import explain
from .files.buffers import opened
from .folder import FolderError, Job, run
from .folder.job import AS_IS, FOLDER, HOLD, PATIENT, RANDOM, Examine
from .folder.job import CLEAN as CLEAN_PIXELS
from .folder.progress import Progress
from .reading.answers import Unreadable
from .standard.profile import ProfileError, load_profile
from .texts.facts import NOTHING, Facts
from .values.keys import KEY_BYTES, SubjectKey, derive_group_key, derive_subject_key
from .verify import verify

KEY_VARIABLE = "DONARA_DEID_KEY"
CLEAN, FAILED, USAGE, QUARANTINED, STOPPED = 0, 1, 2, 3, 130
DESCRIPTION = "De-identifies every DICOM file in a folder of any shape, and reports what was done and what was not."

EXPLAIN_DESCRIPTION = "Says for each element of a DICOM file what would happen to it and by which rule; without values."

VERIFY_DESCRIPTION = "Checks files that are said to be clean: what de-identification would still take out of each."


class UsageError(Exception):
    """What was asked cannot be done; the text is a sentence that says what to change."""


def add_arguments(parser: argparse.ArgumentParser, *, can_clean: bool = False) -> None:
    """The arguments of de-identifying a folder; `can_clean`: there is somebody who works on pixels."""
    parser.add_argument("source", metavar="IN", type=Path, help="the folder to read; it is not changed")
    parser.add_argument("target", metavar="OUT", type=Path, help="the folder to write to; nothing in it is overwritten")
    parser.add_argument("--report", type=Path, required=True, help="where to write the report, as JSON")
    parser.add_argument("--profile", default="research", help="basic, research (default), or a TOML file")
    parser.add_argument(
        "--key-file",
        type=Path,
        help=f"a file with the domain's key, {2 * KEY_BYTES} hexadecimal digits or more; without it ${KEY_VARIABLE} is "
        "used, and without that a new random key, which is thrown away when the run is complete",
    )
    parser.add_argument(
        "--subject",
        default=PATIENT,
        help=f"whose the files are: {PATIENT} (whom issuer and Patient ID name, default), {FOLDER} (each folder in "
        "IN is one subject's), or a name of one subject for all",
    )
    parser.add_argument(
        "--pixels",
        choices=(HOLD, AS_IS, *([CLEAN_PIXELS] if can_clean else [])),
        default=HOLD,
        help=f"files whose pictures are not clear by their header: {HOLD} (default) quarantines them, {AS_IS} writes "
        "them with their pictures as they are, for somebody else to look at"
        + f", {CLEAN_PIXELS} blanks what can be blanked without a person and quarantines the others"
        * can_clean,
    )
    parser.add_argument("--workers", type=int, default=1, help="how many processes clean (default: 1)")


def job_from(options: argparse.Namespace, examine: Examine | None = None) -> Job:
    """The run that the arguments ask for; raises UsageError."""
    if options.workers < 1:
        raise UsageError("--workers must be 1 or more.")
    if not options.subject:
        raise UsageError(f"--subject must be {PATIENT}, {FOLDER} or a name.")
    check(options.source, options.target, options.report)
    try:
        profile = load_profile(options.profile)
    except ProfileError as error:
        raise UsageError(str(error)) from None
    key, key_source = find_key(options.key_file)
    return Job(
        source=options.source,
        target=options.target,
        report=options.report,
        profile=profile,
        domain_key=key,
        key_source=key_source,
        subject=options.subject,
        workers=options.workers,
        pixels=options.pixels,
        examine=examine,
    )


def check(source: Path, target: Path, report: Path) -> None:
    """Refuses what would lose or mix up files; raises UsageError."""
    if not source.is_dir():
        raise UsageError("IN is not a folder. Name the folder that holds the DICOM files.")
    if not os.access(source, os.R_OK | os.X_OK):
        raise UsageError("IN cannot be opened. Ask for the right to read it.")
    inside, outside = source.resolve(), target.resolve()
    if outside.is_relative_to(inside) or inside.is_relative_to(outside):
        raise UsageError("IN and OUT must not lie inside each other. Choose another OUT.")
    if target.exists() and not target.is_dir():
        raise UsageError("OUT is not a folder. Choose another OUT.")
    if report.exists():
        raise UsageError("The report's file exists already. Name another one, or move it away.")
    if not report.resolve().parent.is_dir():
        raise UsageError("The report's folder does not exist. Make it first.")
    if any(report.resolve().is_relative_to(folder) for folder in (inside, outside)):
        raise UsageError("The report says which file was whose: keep it outside of IN and OUT.")


def find_key(key_file: Path | None) -> tuple[bytes, str]:
    """The domain's key and where it came from: 'file', 'environment' or 'random'; raises UsageError."""
    if key_file is not None:
        try:
            return _from_hex(key_file.read_text(encoding="ascii")), "file"
        except (OSError, UnicodeDecodeError):
            raise UsageError("The key file could not be read as text.") from None
    given = os.environ.get(KEY_VARIABLE)  # noqa: TID251  a key for one run is not a setting of the registry
    if given:
        return _from_hex(given), "environment"
    return secrets.token_bytes(KEY_BYTES), RANDOM


def _from_hex(text: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) < KEY_BYTES:
        raise UsageError(f"The key must be {2 * KEY_BYTES} hexadecimal digits or more.")
    return key


def deidentify_folder(options: argparse.Namespace, say: Callable[[str], object], examine: Examine | None = None) -> int:
    """Runs once over a folder and says how it ended, in counts: the exit code. Raises UsageError and FolderError.

    `examine`: what works on pictures where --pixels clean asks for it.
    """
    job = job_from(options, examine)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        counts = run(job, Progress())
    except KeyboardInterrupt:
        say("Stopped. What is done is kept; run the same command again to go on.")
        return STOPPED
    for status, count in counts.items():
        say(f"{status}: {count:,}")
    return QUARANTINED if counts.get("quarantined") else CLEAN


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def add_explain_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of explaining a file."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the DICOM file; nothing is written")
    parser.add_argument("--profile", default="research", help="basic, research (default), or a TOML file")


def explain_file(options: argparse.Namespace, say: Callable[[str], object]) -> int:
    """Says for each element what would happen to it and by which rule: the exit code. Raises UsageError."""
    try:
        steps = explain(opened(options.file), key=SubjectKey(bytes(KEY_BYTES)), profile=load_profile(options.profile))
    except OSError as error:
        raise UsageError(f"FILE cannot be read: {error.strerror or 'it is no regular file'}.") from None
    except ProfileError as error:
        raise UsageError(str(error)) from None
    except Unreadable as refused:
        say(f"The file would be quarantined. {refused.sentence}")
        return QUARANTINED
    for step in steps:
        say("\t".join(step))
    return CLEAN


def add_verify_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of checking files that are said to be clean."""
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="the DICOM files; nothing is written")
    parser.add_argument("--key-file", type=Path, help=f"the domain's key, as for de-identifying (or ${KEY_VARIABLE})")
    parser.add_argument("--subject", required=True, help="the name of the subject whose all these files are")
    parser.add_argument(
        "--known",
        type=Path,
        help="a text file of what must not be found in them: a name as DICOM writes it, or a birth date, on each line",
    )
    parser.add_argument("--profile", default="research", help="basic, research (default), or a TOML file")


def verify_files(options: argparse.Namespace, say: Callable[[str], object]) -> int:
    """Says for each file that is not clean by which codes: the exit code. Raises UsageError."""
    domain_key, source = find_key(options.key_file)
    if source == RANDOM:
        raise UsageError(
            f"Without the key that they were cleaned with nothing can be said: --key-file or ${KEY_VARIABLE}."
        )
    try:
        profile = load_profile(options.profile)
        facts = _known(options.known.read_text(encoding="utf-8")) if options.known else NOTHING
    except ProfileError as error:
        raise UsageError(str(error)) from None
    except (OSError, UnicodeDecodeError):
        raise UsageError("The file of what is known could not be read as text.") from None
    key, group = derive_subject_key(domain_key, options.subject), derive_group_key(domain_key)
    engine, code = Deidentifier(key, group_key=group, profile=profile, study=facts), CLEAN
    for path in options.files:
        try:
            found = verify(opened(path), engine)
        except OSError as error:
            raise UsageError(f"FILE cannot be read: {error.strerror or 'it is no regular file'}.") from None
        if found:
            say(f"{path}\t{' '.join(found)}")
            code = QUARANTINED
    return code


def _known(text: str) -> Facts:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    days = {line.replace("-", "") for line in lines}
    births = {day for day in days if len(day) == 8 and day.isdecimal()}
    return Facts(
        names=frozenset(line for line in lines if line.replace("-", "") not in births), births=frozenset(births)
    )


def verify_main(arguments: Sequence[str] | None = None) -> int:
    """`donara-deid-verify FILE… --subject NAME`."""
    parser = argparse.ArgumentParser("donara-deid-verify", description=VERIFY_DESCRIPTION)
    add_verify_arguments(parser)
    return _ended(lambda: verify_files(parser.parse_args(arguments), print))


def explain_main(arguments: Sequence[str] | None = None) -> int:
    """`donara-deid-explain FILE`."""
    parser = argparse.ArgumentParser("donara-deid-explain", description=EXPLAIN_DESCRIPTION)
    add_explain_arguments(parser)
    return _ended(lambda: explain_file(parser.parse_args(arguments), print))


def main(arguments: Sequence[str] | None = None) -> int:
    """`donara-deid IN OUT --report report.json`."""
    parser = argparse.ArgumentParser("donara-deid", description=DESCRIPTION)
    add_arguments(parser)
    return _ended(lambda: deidentify_folder(parser.parse_args(arguments), print))


def _ended(command: Callable[[], int]) -> int:
    """The exit code; what went wrong is said in one line."""
    try:
        return command()
    except BrokenPipeError:
        sys.stdout = None  # whoever read along has gone; nothing more can be said
        return CLEAN
    except (UsageError, FolderError) as error:
        sys.stderr.write(f"{error}\n")
        return USAGE if isinstance(error, UsageError) else FAILED
