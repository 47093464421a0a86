"""The pictures that are made: every size and contrast, and every way in which writing differs from plain writing."""

from collections.abc import Iterator

from .claims import WHO, regions
from .made import Case
from .writing import FULL, Writing

SIZES = (8, 10, 12, 16, 24, 48)
CONTRASTS = (12, 24, 48, 96, FULL)
_FAMILY, _GIVEN = WHO.family, WHO.given
#: What is written: of whom the header tells, in forms that devices use. The long ones only where they fit.
TEXTS = (
    f"{_FAMILY.upper()}^{_GIVEN.upper()}",
    f"{_FAMILY}, {_GIVEN}",
    f"ID {WHO.number}",
    "17.04.1961",
    "1961-04-17 F",
    f"MRN:{WHO.number}",
    f"{_GIVEN} {_FAMILY}",
)
#: Of somebody whom the header does not know.
STRANGERS = ("Mildred Pruckani", "Dr. Gnogomi", "SKREBANE 7731904", "12/03/1958")
_SHORT = ("Z. O.", "1961", "4821", "Ida")
_FONTS = ("sans", "rough", "bitmap", "mono", "serif", "bold", "pillow", "dots")
#: Real picture, what its header says it is, how it is stored.
GROUNDS = (
    ("abdomen", "ct", "16 signed"),
    ("spine", "ct", "12 signed"),
    ("shoulder", "mr", "12"),
    ("chest", "cr", "12"),
    ("animal", "dx", "12"),
    ("heart", "us", "8"),
    ("screen", "sc", "8"),
    ("photograph", "vl", "8"),
)
#: Of these, which may pass without a person, every size at every contrast; of the others a tenth.
WHOLE = frozenset({"abdomen", "shoulder"})
_COLOUR = frozenset({"screen", "photograph", "flow"})
_PLACES = ((0.5, 0.5), (0.02, 0.05), (0.4, 0.3), (0.98, 0.95), (0.6, 0.7), (0.3, 0.55), (0.5, 0.02))


def every() -> Iterator[Case]:
    """All of them, in a fixed order."""
    for part in (sizes, angles, styles, scripts, cine, stored, hidden, liars, strangers, plain):
        yield from part()


def sizes() -> Iterator[Case]:
    """Each size at each contrast on each real picture: one string a picture, so that none helps another."""
    number = 0
    for ground, kind, depth in GROUNDS:
        for size in SIZES:
            for contrast in CONTRASTS:
                number += 1
                if ground not in WHOLE and number % 10:
                    continue
                texts = TEXTS if size < 48 else _SHORT
                at = _PLACES[number % len(_PLACES)] if size < 48 else (0.5, 0.5)
                sign = 1 if number % 2 else -1
                font = _FONTS[(number + number // len(_FONTS)) % (len(_FONTS) - (size < 22))]
                words = Writing(texts[number % len(texts)], size, sign * contrast, at, font)
                yield _case(f"{ground} {size} px at {contrast}", "size", ground, kind, depth, words)


def _case(name: str, group: str, ground: str, kind: str, depth: str, *words: Writing, **more: object) -> Case:
    photometric = "RGB" if ground in _COLOUR else "MONOCHROME2"
    return Case(**{"name": name, "group": group, "background": ground, "kind": kind, "writings": words}
                | {"depth": depth, "photometric": photometric} | more)  # fmt: skip


def angles() -> Iterator[Case]:
    """Turned by a quarter, a half, a little; as on a film that lies the wrong way; one letter below the other."""
    for number, angle in enumerate((90, 180, 270, 3, -5, 8, -15, 30, 45)):
        words = Writing(TEXTS[number % 7], 16, FULL, (0.5, 0.5), "sans", angle)
        yield _case(f"turned by {angle}", "turned", *GROUNDS[number % 4], words)
    for ground in GROUNDS[:4]:
        yield _case(f"mirrored on {ground[0]}", "turned", *ground, Writing(TEXTS[1], 18, FULL, mirrored=True))
    column = [Writing(letter, 18, FULL, (0.1, 0.1 + 0.08 * row)) for row, letter in enumerate(_FAMILY.upper())]
    yield _case("letter below letter", "turned", *GROUNDS[2], *column)


def styles() -> Iterator[Case]:
    """With outlines and boxes, at and over the edges, dotted, tiny and huge, many and one letter."""
    for number, around in enumerate(("outline", "box")):
        for contrast in (FULL, -FULL, 40):
            words = Writing(TEXTS[number], 14, contrast, (0.5, 0.4), "sans", around=around)
            yield _case(f"{around} at {contrast}", "style", *GROUNDS[(number + contrast) % 5], words)
    edges = {"left": (-0.02, 0.5), "right": (1.02, 0.5), "top": (0.5, -0.003), "bottom": (0.5, 1.003)}
    for number, (edge, at) in enumerate(edges.items()):
        yield _case(f"cut by the {edge}", "style", *GROUNDS[number % 4], Writing(TEXTS[0], 18, FULL, at))
    for number, at in enumerate(((0, 0), (1, 0), (0, 1), (1, 1))):
        yield _case(f"in corner {at}", "style", *GROUNDS[number], Writing(TEXTS[2], 10, FULL, at, "rough"))
    yield _case("dotted", "style", *GROUNDS[0], Writing(TEXTS[3], 33, FULL, font="dots"))
    yield _case("one letter", "style", *GROUNDS[3], Writing("R", 28, FULL, (0.1, 0.1), "bold"))
    lines = [Writing(text, 11, FULL, (0.2, 0.08 * (row + 1)), "rough") for row, text in enumerate(TEXTS)]
    yield _case("seven lines", "style", *GROUNDS[2], *lines)
    yield _case("small letters", "style", *GROUNDS[0], Writing(f"{_GIVEN} {_FAMILY}".lower(), 12, FULL))


def scripts() -> Iterator[Case]:
    """Letters with marks and of other scripts; DejaVu has no Chinese, Japanese or Korean ones."""
    words = ("Müller-Lüdenscheidt", "Škvorecký Zdeněk", "Þórðarson Ø", "Щербаков Пётр", "Παπαδόπουλος", "Վարդան Մհեր")
    for number, text in enumerate((*words, "ნინო ბერიძე", "محمد علي", "דוד כהן")):
        yield _case(f"script {number}", "script", *GROUNDS[number % 5], Writing(text, 16, FULL), known=False)


def cine() -> Iterator[Case]:
    """On every frame, on one, on the last, moving, a letter a frame, fading in."""
    first = Writing(TEXTS[1], 12, FULL, (0.5, 0.08))
    kinds = {
        "on every frame": (first,),
        "on one frame": (first._replace(frames=(5,)),),
        "on the last frame": (first._replace(frames=(7,)),),
        "moving": (first._replace(at=(0.3, 0.5), drift=6),),
        "fading": tuple(first._replace(frames=(at,), contrast=8 + 16 * at) for at in range(8)),
        "a letter a frame": tuple(
            Writing(letter, 20, FULL, (0.1 + 0.1 * at, 0.9), frames=(at,)) for at, letter in enumerate(_FAMILY.upper())
        ),
        "twice, each on half": (
            first._replace(frames=(0, 1, 2, 3)),
            first._replace(frames=(4, 5, 6, 7), at=(0.5, 0.9)),
        ),
    }
    for name, words in kinds.items():
        yield _case(name, "cine", "flow", "us cine", "8", *words, frames=8, way="jpeg", photometric="YBR_FULL_422")
    words = (Writing(TEXTS[2], 12, FULL, (0.3, 0.1), frames=(2,)),)
    yield _case("enhanced MR, one slice", "cine", "shoulder", "mr", "12", *words, frames=4, way="rle")


def stored() -> Iterator[Case]:
    """In every way of writing, depth and photometric interpretation."""
    words = Writing(TEXTS[1], 16, FULL, (0.5, 0.3))
    greys = ("explicit", "implicit", "big", "deflated", "rle", "jpeg lossless", "jpeg-ls",
             "jpeg-ls near", "jpeg 2000", "jpeg 2000 lossy", "deflated frames")  # fmt: skip
    for way in greys:
        yield _case(f"12 bits, {way}", "stored", "shoulder", "mr", "12", words, way=way)
    yield _case("12 bits, jpeg 12", "stored", "shoulder", "mr", "12", words, way="jpeg 12")
    for way in ("explicit", "rle", "jpeg lossless 14", "jpeg-ls", "jpeg 2000"):
        yield _case(f"16 bits signed, {way}", "stored", "abdomen", "ct", "16 signed", words, way=way)
    yield _case("light is low", "stored", "chest", "cr", "12", words, photometric="MONOCHROME1")
    for way in ("jpeg", "jpeg 12", "jpeg 2000 lossy"):
        yield _case(f"8 bits, {way}", "stored", "heart", "us", "8", words, way=way)
    colours = {
        "RGB": ("explicit", "rle", "jpeg-ls", "jpeg lossless"),
        "YBR_FULL": ("explicit", "jpeg"),
        "YBR_FULL_422": ("explicit", "jpeg"),
        "YBR_RCT": ("jpeg 2000",),
        "YBR_ICT": ("jpeg 2000 lossy",),
    }
    for photometric, ways in colours.items():
        for way in ways:
            yield _case(f"{photometric}, {way}", "stored", "flow", "us", "8", words, way=way, photometric=photometric)
    yield _case("RGB by planes", "stored", "flow", "us", "8", words, planar=1)
    for way in ("explicit", "rle"):
        palette = {"way": way, "photometric": "PALETTE COLOR"}
        yield _case(f"palette, {way}", "stored", "heart", "us", "8", words, **palette)
    yield _case("10 bits", "stored", "leg", "dx", "10", words)
    yield _case("16 bits", "stored", "chest", "cr", "16", words)


def hidden() -> Iterator[Case]:
    """Where the picture does not show it."""
    words = Writing(TEXTS[1], 16, FULL, (0.5, 0.2))
    low = words._replace(at=(0.5, 0.85))
    for trick in ("overlay in spare bits", "spare bits", "low bits", "below the window", "above the window", "icon",
                  "a frame more"):  # fmt: skip
        yield _case(trick, "hidden", "shoulder", "mr", "12", words, trick=trick)
    yield _case("spare bits, RLE", "hidden", "shoulder", "mr", "12", words, trick="spare bits", way="rle")
    yield _case("far above the window", "hidden", "spine", "ct", "12 signed", words, trick="above the window")
    yield _case("below the window of a CT", "hidden", "abdomen", "ct", "16 signed", words, trick="below the window")
    yield _case("twin colours", "hidden", "heart", "us", "8", words, trick="twin colours", photometric="PALETTE COLOR")
    yield _case("a frame more, JPEG", "hidden", "heart", "us", "8", words, trick="a frame more", way="jpeg")
    yield _case("a frame more, JPEG-LS", "hidden", "shoulder", "mr", "12", words, trick="a frame more", way="jpeg-ls")
    yield _case("a fragment more", "hidden", "shoulder", "mr", "12", words, trick="a fragment more", way="jpeg 2000")
    yield _case("more rows, JPEG", "hidden", "heart", "us", "8", low, trick="more rows", way="jpeg")
    dark = words._replace(contrast=-FULL)
    yield _case("one bit", "hidden", "screen", "sc", "8", dark, trick="one bit", photometric="MONOCHROME2")
    yield _case("lookup table", "hidden", "shoulder", "mr", "12", words, trick="lookup table")
    far = {"WindowCenter": "30000", "WindowWidth": "10"}
    yield _case("window far away", "hidden", "abdomen", "ct", "16 signed", words, says=far)
    two = {"WindowCenter": ["-30000", "340"], "WindowWidth": ["10", "1000"]}
    yield _case("second window shows it", "hidden", "abdomen", "ct", "16 signed", words, says=two)
    yield _case("steep rescaling", "hidden", "shoulder", "mr", "12", words, says={"RescaleSlope": "0.00001"})
    for name, samples in {"blue alone": (2,), "red alone": (0,)}.items():
        yield _case(name, "hidden", "screen", "sc", "8", words._replace(colour=samples, contrast=60))


def liars() -> Iterator[Case]:
    """Headers that say otherwise: no writing burned in, from the body, regions of ultrasound that hold the writing."""
    words = Writing(TEXTS[0], 14, FULL, (0.5, 0.06))
    faint, inside = Writing(TEXTS[1], 9, 20, (0.5, 0.5)), Writing(TEXTS[1], 10, FULL, (0.5, 0.5))
    over = {"SequenceOfUltrasoundRegions": regions((0, 0, 399, 299))}
    fit = {"SequenceOfUltrasoundRegions": regions((85, 48, 314, 251))}
    for name, says in {"regions cover it": over, "regions leave it out": fit}.items():
        yield _case(f"{name}, above", "liar", "heart", "us", "8", words, says=says)
        yield _case(f"{name}, faint in the sector", "liar", "heart", "us", "8", faint, says=says)
        yield _case(f"{name}, in the sector", "liar", "heart", "us", "8", inside, says=says)
        grey = inside._replace(contrast=48, at=(0.4, 0.4))
        yield _case(f"{name}, grey in the sector", "liar", "heart", "us", "8", grey, says=says)
    for ground in (*GROUNDS[:5], ("scan", "nm", "16")):
        for name, each in {"plain": words, "faint": faint}.items():
            says = {"BurnedInAnnotation": "NO"}
            yield _case(f"{name} on {ground[0]}, NO burned in", "liar", *ground, each, says=says)
    yield _case("mammogram", "liar", "leg", "mg", "12", words)
    yield _case("angiogram", "liar", "animal", "xa", "8", words, says={"BurnedInAnnotation": "NO"})
    empty = {"ImageType": ["ORIGINAL", "PRIMARY"], "BurnedInAnnotation": "NO"}
    yield _case("screen that says CT", "liar", "screen", "ct", "8", words, says=empty, photometric="MONOCHROME2")
    yield _case("screen in colour that says CT", "liar", "screen", "ct", "8", words, says=empty)
    known = {"Manufacturer": "GE Medical Systems", "ManufacturerModelName": "LOGIQ E9"}
    yield _case(
        "a known device, writing elsewhere", "liar", "heart", "us", "8", words._replace(at=(0.5, 0.5)), says=known
    )


def strangers() -> Iterator[Case]:
    """Somebody's name whom the header does not know."""
    for number, text in enumerate(STRANGERS):
        for ground in GROUNDS[number % 2 : 6 : 2]:
            words = Writing(text, (10, 14)[number % 2], (FULL, 60)[number // 2], (0.5, 0.3), "rough")
            yield _case(f"stranger {number} on {ground[0]}", "stranger", *ground, words, known=False)


def plain() -> Iterator[Case]:
    """No writing at all: what is held of these is held for nothing."""
    grounds = (*GROUNDS, ("leg", "mg", "12"), ("flow", "us", "8"), ("scan", "nm", "16"))
    for number, ground in enumerate((*grounds, *GROUNDS[:5])):
        way = ("explicit", "jpeg 2000")[number >= len(grounds)]
        yield _case(f"no writing on {ground[0]}, {way}", "plain", *ground, way=way)
    yield _case("no writing on flow, cine", "plain", "flow", "us cine", "8", frames=8, way="rle")
