"""Files, read and written: containers, elements, character sets, encodings."""
