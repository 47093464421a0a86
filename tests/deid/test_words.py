"""Of titles and descriptions only words and numbers of imaging stay; names, numbers of people and days go."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.deid.data.vocabulary import words
from curation.deid.texts.echoes import Echoes
from curation.deid.texts.facts import NOTHING, Facts
from curation.deid.texts.vocabulary import WORDS
from curation.deid.texts.words import clean_text

LATIN, UTF8 = ["latin_1"], ["utf8"]
NOBODY = Echoes(NOTHING)
SOMEONE = Echoes(
    Facts(
        names=frozenset({"Hand^Rose", "Müller-Lüdenscheidt^Jürgen", "Li^Wei=李^伟"}),
        ids=frozenset({"PAT-7734921", "0012345"}),
        births=frozenset({"19610304"}),
        places=frozenset({"Heart Center", "Klinikum Großhadern"}),
    )
)


@pytest.mark.parametrize(
    "text",
    [
        "t1_mprage_sag_p2_iso",
        "CT Thorax mit KM 5.0 B30f",
        "Head^Routine",
        "LungLeft",
        "Lung_L",
        "PTV60Gy",
        "3.0 T",
        "0.5x0.5x3mm",
        "ep2d_diff_b1000_ADC",
        "120 kV 200 mAs",
        "C5-C6",
        "L5S1",
        "1.25/0.625 mm",
        "DR Chest PA",
        "Localizer 3 Plane",
        "*fl3d1_ns",
        "AX T2 FLAIR FS",
        "se2d1r11",
        "5.0 x 5.0",
        "GTV_p",
        "45 year old",
        "Abdomen+Pelvis",
        "89F",
        "age 45",
        "95 mm FOV",
        "12 FR",
        "90 deg",
        "B95f",
        "Tc-99m MDP",
        "99mTc-HDP",
        "slice 3/12",
        "AP 1/2",
        "5/3 mm",
        "L4/5",
        "HWK 5/6",
        "Lunge_li",
        "MRT Knie li.",
        "Knie LI",
        "Omnipaque 350",
        "Triple rule out",
        "Upper GI",
        "BI-RADS 4a",
        "Prostate mpMRI",
        "MPRAGE_iso1.0mm",
        "Ax LAVA +C",
        "Schulter y-view",
        "V.a. Fraktur",
        "Becken a.p.",
        "JPEG 2000 irreversible (lossy) 10:1",
        "KM 80 ml Imeron 350 i.v.",
        "Z.n. OP",
        "3-Phasen-Szinti",
        "Liver segment IVa",
        "Lead V1",
        "TotalSegmentator v2",
        "Feld 1",
    ],
)
def test_what_protocols_say_stays_as_it_is(text: str) -> None:
    assert clean_text(text.encode(), LATIN, NOBODY) == text.encode()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Knee Zwetschgenbaum", b"Knee"),
        ("Scan 4MAR1961", b"Scan"),
        ("knee, May 4 1961", b"knee"),
        ("CT 1961-03-04", b"CT"),
        ("CT 04.03.61", b"CT"),
        ("head 12.05", b"head"),
        ("10:15 scan", b"scan"),
        ("scan 030 123 45 67", b"scan"),
        ("Chest MRN-123", b"Chest"),
        ("Chest A1234567", b"Chest"),
        ("2019 12345 1961", None),
        ("head 95y", b"head"),
        ("head, 95 years", b"head years"),
        ("head MR123", b"head"),
        ("555-1234 CT 12-34-56", b"CT"),
        ("Jane.Roe@example.org CT", b"CT"),
        ("April Iris May", None),
        ("Dr. Heart Long, knee", b"knee"),
        ("Schädel nativ", b"Schaedel nativ"),
        ("MR Brain w/o contrast 12345", b"MR Brain without contrast"),
        ("95M chest pain", b"chest pain"),
        ("95 F KNEE", b"KNEE"),
        ("93F", None),
        ("head M/95", b"head"),
        ("95 female, knee", b"knee"),
        ("knee age 93", b"knee"),
        ("knee aged approx. 93", b"knee"),
        ("Knie Alter: 93", b"Knie"),
        ("knee 93 y/o", b"knee"),
        ("Knie 93jährige", b"Knie"),
        ("CT 3/12", b"CT"),
        ("KNEE 12/03 follow up", b"KNEE follow up"),
        ("12.03. Kontrolle", b"Kontrolle"),
        ("CT 4.III.61", b"CT"),
        ("CT 4-3-'61", b"CT"),
        ("knee geb. 61", b"knee"),
        ("knee geb. am 12", b"knee"),
        ("knee born 61", b"knee"),
        ("knee dob 61", b"knee"),
        ("CT MRN 12", b"CT"),
        ("knee bed 4b", b"knee"),
        ("CT LI", b"CT"),
        ("head li wei", b"head"),
        ("CT li", b"CT"),
        ("TC 95M torace", b"TC torace"),
        ("knee 03/61", b"knee"),
        ("knee '61", b"knee"),
        ("MRI SPINE W WO CONTRAST 1234567", b"MRI SPINE with and without CONTRAST"),
        ("knee Li", b"knee"),
        ("Knie12.03", None),
        ("", None),
        ("\\head\\Kunigunde", b"head"),
    ],
)
def test_the_rest_goes(text: str, left: bytes | None) -> None:
    assert clean_text(text.encode("latin-1"), LATIN, NOBODY) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Right Hand AP", b"Right AP"),
        ("Heart Center", None),
        ("Heart", b"Heart"),
        ("Li head", b"head"),
        ("Lunge_li", b"Lunge"),
        ("HANDhead", None),
    ],
)
def test_words_of_the_vocabulary_go_where_someone_is_called_so(text: str, left: bytes | None) -> None:
    assert clean_text(text.encode(), LATIN, SOMEONE) == left


def test_other_scripts_and_broken_bytes_go() -> None:
    assert clean_text("山田 head".encode(), UTF8, NOBODY) == b"head"
    assert clean_text(b"\x1b$B;3ED\x1b(B head", ["iso8859", "iso2022_jp"], NOBODY) == b"head"
    assert clean_text(b"\xff\xfe head \x00\x01", UTF8, NOBODY) == b"head"


def test_a_result_is_never_longer_than_its_attribute_allows() -> None:
    assert clean_text("Schädel Schädel".encode("latin-1"), LATIN, NOBODY, 16) == b"Schaedel"


def test_the_vocabulary_names_no_month_and_few_people() -> None:
    assert not WORDS & {
        "april",
        "may",
        "iris",
        "rose",
        "brown",
        "young",
        "grant",
        "li",
        "ho",
        "wu",
        "smith",
        "hart",
        "stein",
        "gabe",
        "sasha",
    }
    assert {"hand", "foot", "head", "heart", "lung", "bone", "flair", "thorax"} <= WORDS


def test_the_vocabulary_is_what_its_sources_give() -> None:
    assert set(words()) == WORDS


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40), st.sampled_from(["Müller", "Rose", "7734921", "04.03.1961", "Großhadern", "Lüdenscheidt"]))
def test_no_text_brings_the_subject_through(around: str, secret: str) -> None:
    kept = clean_text(f"{around} {secret}{around}".encode(), UTF8, SOMEONE) or b""
    assert kept.isascii()
    assert not SOMEONE.within(kept)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_what_was_cleaned_passes_again(text: str) -> None:
    kept = clean_text(text.encode(), UTF8, NOBODY)
    if kept is not None:
        assert clean_text(kept, LATIN, NOBODY) == kept
