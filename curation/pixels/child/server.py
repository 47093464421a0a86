"""The child that opens pictures: has each file on its input opened by a process that may die, answers in order.

Started by curation/work/child.py without secrets in its environment. A request is the 16 bytes of whose the file is (a
donation's id), eight of length, and what wire.py made. Files of one donation share a process for a while, and no two
donations ever do; a file in the place of which the process dies is tried once more in a process of its own. Where
processes cannot be walled in, it opens nothing and ends with the code WALL_LESS.
"""

import gc
import os
import sys
from io import BytesIO
from typing import BinaryIO

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.pixels import get_decoder
from pydicom.uid import AllTransferSyntaxes, ExplicitVRLittleEndian, SecondaryCaptureImageStorage

from curation.deid.pictures.plan import PixelPlan
from curation.pixels.child.hand import MOST_FILES, Hand, works
from curation.pixels.child.walls import leave_networks
from curation.pixels.child.wire import HEAD, LENGTH
from curation.pixels.examine import examine
from curation.pixels.limits import BROKEN
from curation.pixels.task import Task

OWNER = 16
#: Whose a file is that shares its process with no other.
NOBODY = bytes(OWNER)
BROKEN_ANSWER = HEAD.pack(b"F", len(BROKEN)) + BROKEN.encode()
WALL_LESS = 77


class Hands:
    """The process at work, and whose files it opens; another one takes its place when it is needed."""

    def __init__(self) -> None:
        self._hand: Hand | None = None
        self._owner = NOBODY

    def ask(self, owner: bytes, request: bytes) -> bytes:
        """The answer for one file."""
        is_shared = self._is_fit_for(owner)
        answer = self._tried(owner, request)
        if answer is None and is_shared:
            answer = self._tried(owner, request)  # it may have died of what the files before it left
        return BROKEN_ANSWER if answer is None else answer

    def end(self) -> None:
        """Ends the process, if there is one."""
        if self._hand is not None:
            self._hand.end()
            self._hand = None

    def _is_fit_for(self, owner: bytes) -> bool:
        hand = self._hand
        return hand is not None and owner == self._owner != NOBODY and hand.files < MOST_FILES

    def _tried(self, owner: bytes, request: bytes) -> bytes | None:
        if not self._is_fit_for(owner):
            self.end()
        if self._hand is None:
            self._hand, self._owner = Hand(), owner
        answer = self._hand.ask(request)
        if answer is None:
            self.end()
        return answer


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers until the input ends."""
    hands = Hands()
    while len(head := requests.read(OWNER + LENGTH.size)) == OWNER + LENGTH.size:
        request = requests.read(LENGTH.unpack(head[OWNER:])[0])
        answers.write(hands.ask(head[:OWNER], request))
        answers.flush()
    hands.end()


def warm() -> None:
    """Loads decoders and models and looks once, so that the forks load nothing and share what that touches.

    The models run without threads of their own, so that they go on in a fork.
    """
    for syntax in AllTransferSyntaxes:
        try:
            _ = get_decoder(syntax).is_available
        except NotImplementedError:
            continue
    for module in ("gdcm", "openjpeg", "rle", "jpeg_ls", "PIL.PngImagePlugin"):
        __import__(module)
    examine(_sample(), Task(PixelPlan("look")))
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
    leave_networks()
    if not works():
        sys.exit(WALL_LESS)
    warm()
    serve(requests, answers)


if __name__ == "__main__":
    main()
