"""The child process that draws: reads files from its input, draws each in a process of its own, answers in order.

Started by client.py without secrets in its environment. Each file is drawn in a fork with limits on memory, time and
what it may write, so that a decoder that crashes, loops or swallows memory costs one file and leaves nothing behind.
A request is eight bytes of length and the file; an answer is `P` or `F`, four bytes of position, eight of length, and
the PNG or a reason's code.
"""

import gc
import os
import resource
import select
import signal
import struct
import sys
import time
from io import BytesIO
from typing import BinaryIO

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import AllTransferSyntaxes, ExplicitVRLittleEndian, SecondaryCaptureImageStorage

from curation.work.render.picture import CannotShow, draw

LENGTH, HEAD = struct.Struct(">Q"), struct.Struct(">ciQ")
MEMORY_BYTES, CPU_SECONDS, WALL_SECONDS = 3 * 1024**3, 20, 60
MOST_ANSWER = 64 * 1024**2
BROKEN = HEAD.pack(b"F", 0, 14) + b"picture_broken"


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers until the input ends."""
    while len(size := requests.read(LENGTH.size)) == LENGTH.size:
        data = requests.read(LENGTH.unpack(size)[0])
        answers.write(in_a_fork(data))
        answers.flush()


def in_a_fork(data: bytes) -> bytes:
    """The answer for one file, drawn by a process that ends with it."""
    readable, writable = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(readable)
        _draw_and_end(data, writable)
    os.close(writable)
    try:
        answer = collect(readable, time.monotonic() + WALL_SECONDS)
    finally:
        os.close(readable)
        os.kill(pid, signal.SIGKILL)  # it has answered, or run out of time; it is ours and not yet reaped
        os.waitpid(pid, 0)
    return answer if whole(answer) else BROKEN


def collect(readable: int, until: float) -> bytes:
    """What comes through the pipe before it closes, the time is up or it is too much."""
    pieces, size = [], 0
    while (left := until - time.monotonic()) > 0 and size <= MOST_ANSWER:
        if not select.select([readable], [], [], left)[0]:
            break
        piece = os.read(readable, 1 << 16)
        if not piece:
            break
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def whole(answer: bytes) -> bool:
    """Whether an answer is complete; one that breaks off is none."""
    return len(answer) >= HEAD.size and len(answer) == HEAD.size + HEAD.unpack_from(answer)[2]


def _draw_and_end(data: bytes, writable: int) -> None:
    try:
        _limit()
        try:
            picture = draw(data)
            answer = HEAD.pack(b"P", picture.position, len(picture.png)) + picture.png
        except CannotShow as refusal:
            answer = HEAD.pack(b"F", 0, len(refusal.reason)) + refusal.reason.encode()
        with os.fdopen(writable, "wb") as pipe:
            pipe.write(answer)
    finally:
        os._exit(0)  # whatever happened: nothing of the parent's may run here


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


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
