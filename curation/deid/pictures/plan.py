"""What is to be done about a file's picture, and why: decided from the header alone, before any pixel is read."""

from typing import Literal, NamedTuple

#: 'clear': a device made it from the body, by stated criteria; 'clean': it is known where writing stands, and it can be
#: taken out without a person; 'look': only a person can say. What no rule knows is 'look'.
PixelRisk = Literal["clear", "clean", "look"]


class Region(NamedTuple):
    """A rectangle in a frame, in pixels: its left column and top row (from 0), how wide and how high it is."""

    left: int
    top: int
    width: int
    height: int


class PixelPlan(NamedTuple):
    """The decision about one file's picture. `blank`, `keep` and `hidden_bits` hold whatever the risk is.

    `reasons`: why, as codes of curation/rules/risks.py. `blank`: what a known device writes there goes on every frame.
    `keep`: where there are any, everything outside of them goes on every frame (regions of ultrasound). `device`: the
    row of the catalogue of layouts that matched. `hidden_bits`: overlay planes stand in unused bits of the pixels.
    """

    risk: PixelRisk = "look"
    reasons: tuple[str, ...] = ()
    blank: tuple[Region, ...] = ()
    keep: tuple[Region, ...] = ()
    device: str = ""
    hidden_bits: bool = False
