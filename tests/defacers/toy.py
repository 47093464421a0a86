"""A toy that takes faces off: blanks the front half of each slice. What it does wrong is said by a third argument."""

import socket
import sys
from pathlib import Path

from pydicom import dcmread
from pydicom.uid import ExplicitVRLittleEndian


def main(source: Path, target: Path, wrong: str = "") -> None:
    """Writes a file of the same name for each that it is given."""
    if wrong == "dies":
        sys.exit(1)
    if wrong == "calls home":
        socket.create_connection(("127.0.0.1", int(sys.argv[4])), timeout=5)
    files = sorted(source.glob("*.dcm"))
    for path in files[1:] if wrong == "loses one" else files:
        dataset = dcmread(path)
        values = dataset.pixel_array.copy()
        if wrong != "does nothing":
            values[..., : values.shape[-2] // 2, :] = 0
        dataset.PixelData = values.tobytes()
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        dataset.StudyDescription = "the tool's own words"
        if wrong == "moves it":
            dataset.ImagePositionPatient = [0, 0, 0]
        if wrong == "cuts it":
            dataset.PixelData = dataset.PixelData[:-2]
        dataset.save_as(target / path.name, enforce_file_format=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4])
