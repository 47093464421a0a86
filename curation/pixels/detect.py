"""Finds writing in a frame: where it stands, what is surely writing, what may be, and what is only a marking.

Never the only guard: faint grey writing over tissue is found about every second time (docs/adr/0008). What is uncertain
goes to a person, and so does everything that the header does not clear where there is no detector.
"""

import hashlib
import json
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from curation.deid.pictures.plan import Region
from curation.pixels import copies, lines, markers, ocr, sharp, strokes, suspects, tiles
from curation.pixels.lines import Line
from curation.pixels.seeds import Seeds

Shades = NDArray[np.uint8]
#: Which way of searching this is; a change in how it works makes another.
METHOD = 5


class Sure(IntEnum):
    """How sure it is that something is written somewhere."""

    MAYBE = 1  # something that may be writing: a person decides
    MARKER = 2  # a marking of the closed list
    WRITING = 3


class Found(NamedTuple):
    """Something that was found in a frame; never what is written there."""

    region: Region
    sure: Sure
    confidence: float
    said: bool


#: Read so well, and with so many letters or digits, a line is surely writing. Where the network that finds is very
#: sure, less is enough.
READ_WELL, READ_SOMEHOW, FOUND_WELL, LEAST_LETTERS = 0.7, 0.5, 0.6, 2
#: Below these a line of which nothing is read is no writing: textures of tissue and noise. So is one that is higher
#: than LARGE pixels of the frame and of which nothing is read: writing of that size is read well.
MAYBE_FOUND, MAYBE_READ, LARGE = 0.6, 0.5, 96
#: In a picture that is clear by its header less is enough, but for what is higher than writing mostly is.
CLEAR_FOUND, HIGH, HIGH_FOUND = 0.5, 48, 0.7


def available() -> bool:
    """Whether there is a detector."""
    return ocr.available()


def rules_digest() -> str:
    """SHA-256 of everything on which it depends what is found: models, thresholds, markings, sizes."""
    numbers = (
        READ_WELL,
        READ_SOMEHOW,
        FOUND_WELL,
        LEAST_LETTERS,
        MAYBE_FOUND,
        MAYBE_READ,
        LARGE,
        CLEAR_FOUND,
        HIGH,
        HIGH_FOUND,
    )
    parts = (tiles.EDGE, tiles.OVERLAP, tiles.STEP, tiles.FLAT)
    sizes = (copies.SCALE, copies.FIELD, copies.MOST_STRETCHED, copies.TAIL, *parts)
    views = (copies.AROUND, copies.SPREAD_SHADES, copies.LEAST_SPREAD, copies.BEYOND, copies.LEAST_HIDDEN, copies.FINER)
    models = (ocr.name(), ocr.PIXEL_IS_TEXT, ocr.BOX_IS_TEXT, ocr.LINE_HEIGHT, ocr.LEAST_WIDTH)
    room = (lines.PADDING, lines.BEYOND, lines.UPRIGHT, lines.LEAST_PADDING, lines.GRID)
    drawn = (sharp.CELL, sharp.LONG, sharp.SHORT, sharp.AROUND, sharp.SHARP, sharp.UNEVEN, sharp.LEAST, sharp.TAIL)
    noisy = (sharp.NOISY, sharp.UNEVEN_IN_NOISE)
    pairs = (strokes.HEIGHT, strokes.WIDTH, strokes.LEAST_PAIRS, strokes.TIMES, strokes.SURELY_MORE, strokes.EVEN)
    perhaps = (
        strokes.PERHAPS_PAIRS,
        strokes.PERHAPS_TIMES,
        strokes.RANK,
        strokes.FEWEST,
        strokes.AWAY,
        strokes.CUT_OFF,
    )
    places = (suspects.MOST_SHOWN_BITS, suspects.SAMPLED, suspects.BLOCK, suspects.MARGIN, sorted(suspects.LOSSY))
    light = (drawn, noisy, pairs, perhaps, strokes.MOST_VALUES, strokes.CUT_OFF, places)
    said = [METHOD, models, numbers, markers.SURE, sizes, views, room, light, sorted(markers.markers())]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def lines_in(part: Shades, *, thorough: bool, level: bool = False) -> list[Line]:
    """Every line in a part of a frame that may be writing, read; places in the part's own pixels."""
    found = [
        lines.Candidate(box, copy.shades, copy.turned)
        for copy in copies.copies(part, thorough=thorough, level=level)
        for box in ocr.boxes(copy.shades)
    ]
    return lines.read(lines.grouped(found), copies.SCALE, part.shape[:2])


def judged(found: Sequence[Line], seeds: Seeds, *, bar: float = MAYBE_FOUND) -> list[Found]:
    """What the lines are, without what is nothing; `bar`: from when on what nobody can read may be writing."""
    return [each for line in found if (each := _judged(line, seeds, bar)) is not None]


def _judged(line: Line, seeds: Seeds, bar: float) -> Found | None:
    said = any(seeds.said(each.text) for each in line.readings)
    best = max(line.readings, key=lambda each: each.score)
    letters = sum(letter.isalnum() for letter in best.text)
    confidence = round(min(1.0, max(best.score, line.found)), 3)
    if said:
        return Found(line.region, Sure.WRITING, confidence, True)
    if markers.is_marker(best.text, best.score):
        return Found(line.region, Sure.MARKER, confidence, False)
    height = min(line.region.width, line.region.height)
    is_large = height > LARGE
    well_found = line.found >= FOUND_WELL and not is_large
    if letters >= LEAST_LETTERS and best.score >= (READ_SOMEHOW if well_found else READ_WELL):
        return Found(line.region, Sure.WRITING, confidence, False)
    if not is_large and (
        line.found >= (bar if height <= HIGH else HIGH_FOUND) or (letters and best.score >= MAYBE_READ)
    ):
        return Found(line.region, Sure.MAYBE, confidence, False)
    return None
