"""Invents people whose names are written in the scripts and character sets that DICOM knows."""

from collections.abc import Sequence

from portal.story.cohort.names import IN_CYRILLIC, Name, WordMaker

_FAMILY_ENDS = ("ovrane", "ebrik", "uquist", "ivorth", "uzmel", "anskow", "ogrew", "ilveth", "udaire", "owicz", "ekvar")
_GIVEN_ENDS = {
    "F": ("ielva", "andzra", "umine", "ozeth", "ylka", "evrina"),
    "M": ("orvic", "envik", "udrin", "aszlo", "imvar", "ebrand"),
}
_JAPANESE = [
    ("kamo", "鴨", "かも"), ("shiro", "城", "しろ"), ("haze", "櫨", "はぜ"), ("tsuru", "鶴", "つる"),
    ("naga", "永", "なが"), ("mizu", "水", "みず"), ("iwa", "岩", "いわ"), ("sawa", "沢", "さわ"),
    ("tori", "鳥", "とり"), ("kuri", "栗", "くり"), ("fuji", "藤", "ふじ"), ("hoshi", "星", "ほし"),
    ("kaze", "風", "かぜ"), ("yuki", "雪", "ゆき"), ("matsu", "松", "まつ"), ("umi", "海", "うみ"),
]  # fmt: skip
_CHINESE = [
    ("zhuang", "庄"), ("qiong", "琼"), ("xiang", "翔"), ("jiong", "炯"), ("shuang", "霜"), ("liang", "亮"),
    ("cheng", "程"), ("zhang", "璋"), ("huang", "凰"), ("guang", "广"), ("sheng", "晟"), ("chuan", "川"),
]  # fmt: skip
_ACCENTED = str.maketrans("aoui", "äøüí")
_CENTRAL = str.maketrans("lzes", "łźęš")


def western(maker: WordMaker, sex: str) -> Name:
    """A name in ASCII letters."""
    return Name(maker.word(_FAMILY_ENDS), maker.word(_GIVEN_ENDS[sex]))


def accented(maker: WordMaker, sex: str) -> Name:
    """A name with letters of Latin alphabet No. 1."""
    return _respelled(maker, sex, _ACCENTED, "ISO_IR 100")


def central(maker: WordMaker, sex: str) -> Name:
    """A name with Latin letters that UTF-8 carries."""
    return _respelled(maker, sex, _CENTRAL, "ISO_IR 192")


def cyrillic(maker: WordMaker, sex: str) -> Name:
    """A name in Cyrillic letters, carried in UTF-8."""
    return _respelled(maker, sex, IN_CYRILLIC, "ISO_IR 192")


def japanese(maker: WordMaker, sex: str) -> Name:
    """A name in three component groups with code extensions (PS3.5 annex H)."""
    family, given = _joined(maker, _JAPANESE, 3), _joined(maker, _JAPANESE, 3)
    groups = [f"{a}^{b}" for a, b in zip(family, given, strict=True)]
    return Name(family[0].title(), given[0].title(), groups[1], groups[2], ("", "ISO 2022 IR 87"))


def chinese(maker: WordMaker, sex: str) -> Name:
    """A name in two component groups in GB18030 (PS3.5 annex J)."""
    family, given = _joined(maker, _CHINESE, 2), _joined(maker, _CHINESE, 2)
    return Name(family[0].title(), given[0].title(), f"{family[1]}^{given[1]}", "", ("GB18030",))


_ROUND = (
    western, accented, western, central, japanese, western, chinese, cyrillic, western, accented,
)  # fmt: skip


def person(maker: WordMaker, index: int, sex: str) -> Name:
    """A new person; the script goes round with the index, so that ten donors already show all of them."""
    return _ROUND[index % len(_ROUND)](maker, sex)


def _respelled(maker: WordMaker, sex: str, letters: dict[int, int], character_set: str) -> Name:
    plain = western(maker, sex)
    family, given = (word.lower().translate(letters).title() for word in (plain.family, plain.given))
    return Name(family, given, character_sets=(character_set,))


def _joined(maker: WordMaker, units: Sequence[tuple[str, ...]], count: int) -> tuple[str, ...]:
    """A new word of `count` units, in each of the spellings that the units have."""
    while True:
        spellings = tuple("".join(parts) for parts in zip(*maker.chance.sample(units, count), strict=True))
        if maker.is_new(spellings[0].title()):
            return spellings
