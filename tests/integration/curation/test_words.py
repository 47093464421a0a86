"""Every code that a person may meet has words, and no two lists of codes contradict each other."""

from io import BytesIO
from pathlib import Path

import pydicom.data
import pytest
from pydicom.data import get_testdata_file

from core.audit.record import CODE
from curation.deid import Cleaned, deidentify, derive_subject_key
from curation.deid.reasons import SENTENCES as ENGINE
from curation.rules import deeds, findings, reasons, risks
from curation.rules.planted import rate
from curation.web.words import SENTENCES, rate_words, sentence_for

KEY = derive_subject_key(bytes(32), "somebody")


def test_no_code_stands_in_two_lists_and_each_fits_the_audit_trail() -> None:
    lists = [ENGINE, reasons.WORKER, reasons.CODED, reasons.PICTURE, reasons.REJECTION]
    codes = [code for known in lists for code in known]
    assert len(codes) == len(set(codes)) == len(SENTENCES)
    assert all(CODE.fullmatch(code) and len(code) <= 60 for code in codes)
    assert all(sentence.endswith(".") and len(sentence) > 10 for sentence in SENTENCES.values())


def test_a_code_that_nobody_listed_is_still_shown() -> None:
    assert sentence_for("some_new_thing") == "Some new thing."


def test_a_rate_is_told_with_its_interval_and_nothing_where_nothing_was_planted() -> None:
    assert rate_words(rate(19, 20)) == "19 of 20 planted writings found (between 76 % and 99 %)"
    assert rate_words(rate(0, 1)) == "0 of 1 planted writing found (between 0 % and 79 %)"
    assert rate_words(rate(0, 0)) == ""


def test_every_risk_and_finding_has_words() -> None:
    assert set(risks.WORDS) == set(risks.TONES) == set(risks.EXPLAINED) == {"clear", "clean", "look"}
    assert set(findings.WORDS) == set(findings.Finding)


@pytest.mark.parametrize(
    ("rule", "deed"),
    [
        ("PS3.15 E.1-1:private:X", "private"),
        ("PS3.15 E.1-1:00080090:Z", "emptied"),
        ("PS3.15 E.1-1:00080020:C", "dates"),
        ("PS3.15 E.1-1:00081140:X/Z/U*", "uids"),
        ("PS3.15 E.1-1:0008103E:C", "text"),
        ("PS3.15 E.1-1:00181400:C", "text"),
        ("PS3.15 E.1-1:00400555:C", "kept"),
        ("PS3.15 E.1-1:00181060:C", "kept"),
        ("PS3.15 E.3.10-1:GEMS_PARM_01:0043xx27", "kept"),
        ("own:private-creator", "private"),
        ("own:site:00080080:D", "replaced"),
        ("own:device:00181000:D", "replaced"),
        ("own:content:PNAME", "replaced"),
        ("own:content:DATETIME", "dates"),
        ("own:content:NUM", "kept"),
        ("project:00100040:X", "removed"),
        ("own:vr:DA", "dates"),
        ("own:vr:US", "kept"),
        ("own:never-shifted:00100030:X", "removed"),
        ("own:text:LO", "text"),
        ("own:pseudonym:00100010", "replaced"),
    ],
)
def test_rules_become_deeds(rule: str, deed: str) -> None:
    assert deeds.deed_of(rule) == deed


def test_every_rule_that_real_files_meet_becomes_a_deed_with_words_and_none_is_lost() -> None:
    folder = Path(str(pydicom.data.__file__)).parent / "test_files"
    met = 0
    for path in [*folder.glob("*.dcm"), Path(str(get_testdata_file("CT_small.dcm")))]:
        cleaned = deidentify(BytesIO(path.read_bytes()).getvalue(), key=KEY)
        if isinstance(cleaned, Cleaned):
            summed = deeds.summed(cleaned.decisions)
            assert set(summed) <= set(deeds.WORDS)
            assert sum(summed.values()) == sum(cleaned.decisions.values())
            met += len(cleaned.decisions)
    assert met > 1000
