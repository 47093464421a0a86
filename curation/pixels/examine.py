"""What becomes of one file's picture: searched for writing, blanked, searched once more, drawn; runs in the child only.

Nothing passes because nothing matched: what the plan does not clear, what is uncertain, what is still found after
blanking and what was not looked at goes to a person, with the reason.
"""

import warnings
from collections.abc import Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset, dcmread

from curation.deid.pictures.plan import PixelPlan, PixelRisk, Region
from curation.pixels import detect, draw
from curation.pixels.detect import Found, Sure
from curation.pixels.frames import Picture, open_picture
from curation.pixels.hidden import hidden_bits
from curation.pixels.limits import BROKEN, CannotShow
from curation.pixels.places import Places, outside
from curation.pixels.rewrite import Rewritten, rewritten
from curation.pixels.search import MOST_DECODED, Search, Searched
from curation.pixels.suspects import Suspects, is_measured
from curation.pixels.task import Examined, Kind, Task

PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
#: Why a person has to look, beside the plan's own reasons: codes of curation/rules/risks.py.
NO_DETECTOR, NOT_EXAMINED = "no_detector", "frames_not_examined"
WRITING, UNCERTAIN, LEFT = "writing_found", "writing_uncertain", "writing_left"
#: The most places of one file that are told one by one.
MOST_FINDINGS = 5_000


def examine(data: bytes, task: Task) -> Examined:
    """Does what the task asks of a cleaned file; raises CannotShow where no picture can be made of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom's may quote values
        header = _header(data)
        if int(header.get("Rows") or 0) == 0:
            return _without_picture(data, header, task)
        return _Work(data, task, _position(header)).done()


class _Work:
    """One file on its way: searched, blanked, searched again, drawn."""

    def __init__(self, data: bytes, task: Task, position: int) -> None:
        self._data, self._task, self._position = data, task, position
        self._plan: PixelPlan = task.plan
        self._picture = open_picture(data)
        self._places = Places(self._picture.count)
        self._suspects = Suspects(self._picture) if is_measured(self._picture) else None
        self._reasons: list[str] = []

    def done(self) -> Examined:
        """The outcome; raises CannotShow."""
        hidden = self._known_places()
        self._search()
        made = self._rewritten(hidden, checked=False)
        after = open_picture(made.data) if made.changed else self._picture
        if made.changed and self._places.blanked():
            self._look_again(after)
        if self._is_checked():
            made = self._rewritten(hidden, checked=True)
        return self._told(made, after)

    def _known_places(self) -> bool:
        """What is blanked without any search; whether there is anything in unused bits."""
        plan, picture = self._plan, self._picture
        self._places.everywhere(plan.blank, Kind.DEVICE)
        self._places.everywhere(outside(plan.keep, picture.rows, picture.columns), Kind.OUTSIDE)
        for frame, region in self._task.drawn:
            self._places.add(frame, region, Kind.DRAWN)
        hidden = plan.hidden_bits or hidden_bits(picture)
        if hidden:
            self._places.everywhere([Region(0, 0, picture.columns, picture.rows)], Kind.HIDDEN)
        return hidden

    def _search(self) -> None:
        """Clear and measured pictures are searched lightly, and thoroughly where that finds anything; others at once.

        Of a measured one a light search goes wherever anything is drawn, which is enough to pass it, where it is clear,
        without a person: so it is enough where a person looks.
        """
        is_clear = self._plan.risk == "clear"
        if is_clear and not self._task.second_look and not self._task.drawn:
            return
        if is_clear:
            self._look_for_strokes()
        if not detect.available():
            if not is_clear:
                self._reasons.append(NO_DETECTOR)
            return
        is_light = is_clear or self._suspects is not None
        searched = self._searched(thorough=not is_light)
        if is_light and any(map(_unsettled, searched.found.values())):
            searched = self._searched(thorough=True)
        self._note(searched)
        if (is_clear or self._knows_places()) and any(map(_unsettled, searched.found.values())):
            self._reasons.append(WRITING)

    def _knows_places(self) -> bool:
        """Whether the plan says where all writing is: what is found elsewhere shows that it does not.

        Of faint writing often a part is found, and what it says goes on beside it.
        """
        return self._plan.risk == "clean" and bool(self._plan.blank or self._plan.keep)

    def _look_for_strokes(self) -> None:
        """What was measured is searched for values that cannot have been, also where no models are."""
        picture = self._picture
        for index in range(picture.count) if self._suspects else ():
            if (index + 1) * picture.rows * picture.columns > MOST_DECODED:
                self._reasons.append(NOT_EXAMINED)
                return
            strokes = self._suspects.strokes(index) if self._suspects else []
            for region in strokes:
                self._places.found(index, Found(region, Sure.MAYBE, 1.0, False))
            if strokes:
                self._reasons.append(UNCERTAIN)

    def _searched(self, *, thorough: bool) -> Searched:
        """A thorough search goes everywhere, a light one where anything is suspected, if that can be told."""
        where = self._suspects.where if self._suspects else lambda _: None
        bar = detect.CLEAR_FOUND if self._plan.risk == "clear" else detect.MAYBE_FOUND
        shown_alone = self._plan.risk == "look" and self._suspects is None
        search = Search(self._picture, self._task.seeds, self._hide, bar, where, shown_alone=shown_alone)
        return search.through(thorough=thorough)

    def _hide(self, index: int, shades: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A frame without what is blanked in it anyway."""
        regions = self._places.blanked().get(index, ())
        if not regions:
            return shades
        hidden = shades.copy()
        for left, top, width, height in regions:
            hidden[top : top + height, left : left + width] = 0
        return hidden

    def _note(self, searched: Searched) -> None:
        for index, found in searched.found.items():
            for each in found:
                self._places.found(index, each)
        if any(each.sure is Sure.MAYBE for found in searched.found.values() for each in found):
            self._reasons.append(UNCERTAIN)
        if searched.left:
            self._reasons.append(NOT_EXAMINED)

    def _rewritten(self, hidden: bool, *, checked: bool) -> Rewritten:
        """The file with its places blanked."""
        places, uid = self._places.blanked(), self._task.new_uid
        return rewritten(self._data, places, hidden_bits=hidden, new_uid=uid, checked=checked)

    def _look_again(self, after: Picture) -> None:
        """The second look, at what will be kept: whatever is still found there is for a person.

        It is thorough where that decides what may be said of the picture; where a person looks anyway, it is light.
        """
        if not detect.available():
            return
        search = Search(after, self._task.seeds, lambda _, shades: shades, shown_alone=not self._is_settled())
        again = search.through(thorough=self._is_settled())
        left = {index: [each for each in found if each.sure is not Sure.MARKER] for index, found in again.found.items()}
        for index, found in left.items():
            for each in found:
                self._places.left(index, each)
        if any(left.values()):
            self._reasons.append(LEFT)
        if again.left:
            self._reasons.append(NOT_EXAMINED)

    def _is_checked(self) -> bool:
        """Whether it may be said that nothing is burned in: known or drawn places, and nothing left undecided."""
        return self._is_settled() and not self._reasons and detect.available()

    def _is_settled(self) -> bool:
        """Whether the places of all writing are known, or were drawn by a person."""
        return self._plan.risk == "clean" or bool(self._task.drawn)

    def _told(self, made: Rewritten, after: Picture) -> Examined:
        findings = self._places.findings()
        if len(findings) > MOST_FINDINGS:
            findings = findings[:MOST_FINDINGS]
            self._reasons.append(NOT_EXAMINED)
        frames = draw.chosen(after.count, self._places.marked())
        before = draw.sheet(self._picture, frames) if made.changed and self._places.blanked() else None
        risk: PixelRisk = "look" if self._reasons else self._plan.risk
        return Examined(
            risk=risk,
            after=draw.sheet(after, frames),
            position=self._position,
            data=None if made.data == self._data else made.data,
            before=before,
            reasons=tuple(dict.fromkeys([*self._plan.reasons, *self._reasons])),
            findings=tuple(findings),
            is_new=made.changed,
        )


def _unsettled(found: Sequence[Found]) -> bool:
    return any(each.sure is not Sure.MARKER for each in found)


def _header(data: bytes) -> Dataset:
    try:
        header = dcmread(BytesIO(data), stop_before_pixels=True)
        if "SOPClassUID" in header:
            return header
    except MemoryError:
        raise
    except Exception:  # pydicom raises whatever it likes, and its text may hold values
        raise CannotShow(BROKEN) from None
    raise CannotShow(BROKEN)


def _without_picture(data: bytes, header: Dataset, task: Task) -> Examined:
    """A file without a picture gets a card; one with pixels but no size is refused: nobody could look at them."""
    whole = dcmread(BytesIO(data))
    if any(keyword in whole for keyword in PIXELS):
        raise CannotShow(BROKEN)
    card = draw.card("This file holds no picture")
    return Examined(task.plan.risk, card, _position(header), reasons=task.plan.reasons)


def _position(header: Dataset) -> int:
    """Instance Number (PS3.3 section C.7.6.1); 0 where there is none that is a number."""
    try:
        return max(min(int(header.get("InstanceNumber") or 0), 2**31 - 1), -(2**31))
    except (TypeError, ValueError):
        return 0
