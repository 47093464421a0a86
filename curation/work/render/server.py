"""The child process that draws: reads files from its input, has each drawn by a process that may die, answers in order.

Started by client.py without secrets in its environment. A request is the 16 bytes of whose the file is (a donation's
id), eight of length, and the file. Files of one donation share a process for a while, and no two donations ever do; a
file in the place of which the process dies is tried once more in a process of its own.
"""

import gc
import os
import sys
from io import BytesIO
from typing import BinaryIO

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import AllTransferSyntaxes, ExplicitVRLittleEndian, SecondaryCaptureImageStorage

from curation.work.render.hand import HEAD, LENGTH, MOST_FILES, Hand
from curation.work.render.picture import draw

OWNER = 16
#: Whose a file is that shares its process with no other.
NOBODY = bytes(OWNER)
BROKEN = HEAD.pack(b"F", 0, 14) + b"picture_broken"


class Hands:
    """The drawing process at work, and whose files it draws; another one takes its place when it is needed."""

    def __init__(self) -> None:
        self._hand: Hand | None = None
        self._owner = NOBODY

    def draw(self, owner: bytes, data: bytes) -> bytes:
        """The answer for one file."""
        is_shared = self._is_fit_for(owner)
        answer = self._tried(owner, data)
        if answer is None and is_shared:
            answer = self._tried(owner, data)  # it may have died of what the files before it left
        return BROKEN if answer is None else answer

    def end(self) -> None:
        """Ends the process, if there is one."""
        if self._hand is not None:
            self._hand.end()
            self._hand = None

    def _is_fit_for(self, owner: bytes) -> bool:
        hand = self._hand
        return hand is not None and owner == self._owner != NOBODY and hand.drawn < MOST_FILES

    def _tried(self, owner: bytes, data: bytes) -> bytes | None:
        if not self._is_fit_for(owner):
            self.end()
        if self._hand is None:
            self._hand, self._owner = Hand(), owner
        answer = self._hand.draw(data)
        if answer is None:
            self.end()
        return answer


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers until the input ends."""
    hands = Hands()
    while len(head := requests.read(OWNER + LENGTH.size)) == OWNER + LENGTH.size:
        data = requests.read(LENGTH.unpack(head[OWNER:])[0])
        answers.write(hands.draw(head[:OWNER], data))
        answers.flush()
    hands.end()


def warm() -> None:
    """Loads every decoder and draws once, so that the forks need to load nothing and share what the drawing touches."""
    from pydicom.pixels import get_decoder

    for syntax in AllTransferSyntaxes:
        try:
            _ = get_decoder(syntax).is_available
        except NotImplementedError:
            continue
    for module in ("gdcm", "openjpeg", "rle", "jpeg_ls", "PIL.PngImagePlugin"):
        __import__(module)
    draw(_sample())
    gc.freeze()  # the forks then leave the loaded modules' memory shared


def _sample() -> bytes:
    """A small grey image that shows nothing (PS3.3 section C.7.6.3)."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = SecondaryCaptureImageStorage, "2.25.1"
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows = dataset.Columns = 64
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 16, 15, 0
    dataset.WindowCenter, dataset.WindowWidth, dataset.RescaleIntercept, dataset.RescaleSlope = 8, 16, 0, 1
    dataset.PixelData = bytes(64 * 64 * 2)
    file = BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()


def main() -> None:
    """Serves on the real input and output, kept from anything that a library prints."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    warm()
    serve(requests, answers)


if __name__ == "__main__":
    main()
