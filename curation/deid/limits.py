"""How much a file may ask of the engine before it is refused; each limit is far above what devices write."""

# Real objects nest about eight deep (enhanced multi-frame, radiotherapy); structured reports reach fifteen.
MAX_DEPTH = 32
# A multi-frame object of 10,000 frames has about 600,000 elements and items.
MAX_ELEMENTS = 1_000_000
# What a deflated data set may unpack to; a bomb of a few kilobytes asks for gigabytes.
MAX_INFLATED_BYTES = 512 * 1024 * 1024
# Text longer than this in an attribute that is kept is not a technical term.
MAX_TERM_BYTES = 128
