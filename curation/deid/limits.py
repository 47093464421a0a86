"""How much a file may ask of the engine before it is refused; each limit is far above what devices write."""

# Real objects nest about eight deep (enhanced multi-frame, radiotherapy); structured reports reach fifteen.
MAX_DEPTH = 32
# A multi-frame object of 10,000 frames has about 600,000 elements and items.
MAX_ELEMENTS = 1_000_000
# What a deflated data set may unpack to; a bomb of a few kilobytes asks for gigabytes.
MAX_INFLATED_BYTES = 512 * 1024 * 1024
# Text longer than this in an attribute that is kept is not a technical term.
MAX_TERM_BYTES = 128
# Text that is read value by value: 16,000 UIDs, which is more than any object refers to in one attribute.
MAX_LISTED_BYTES = 1024 * 1024
# Of a name or number that identifies, what is read for comparing; real ones have at most 324 characters.
MAX_IDENTITY_BYTES = 4096
# Code strings that are kept: one of 16 characters for each of 3,800 frames.
MAX_CODE_STRING_BYTES = 64 * 1024
# A root element up to this size is remembered while the files of one subject are cleaned, and so many of them.
MAX_UNIT_BYTES = 64 * 1024
MAX_UNITS = 20_000
# A look-up table has 65,536 entries of two bytes at most (PS3.3 section C.11.1.1); a longer one holds something else.
MAX_LUT_BYTES = 128 * 1024
# Binary numbers of a device in one private element; a picture, however small, has more.
MAX_PRIVATE_NUMBER_BYTES = 4096
