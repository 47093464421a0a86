"""What may be read of curation, each narrowed to its reader."""

from curation.queries.counts import (
    ReaderLine,
    catches,
    lacks_second,
    progress,
    reader_lines,
    stewarded,
    waiting_for_second,
)
from curation.queries.pictures import Picture, picture_of, tag_of
from curation.queries.probes import Shown, planted_for, planted_seen_by, shown_to, token_for
from curation.queries.readers import (
    has_read,
    is_drawn_in,
    is_open_to,
    open_to,
    sample_key,
    second_reader_for,
)
from curation.queries.rechecks import clean_files, recheck_of, rechecks_visible, report_on
from curation.queries.series import (
    HELD,
    images,
    modalities,
    next_after,
    refusals,
    series_of,
    series_seen_by,
    unread_words,
    waiting,
    words_of,
    worklist,
)

__all__ = [
    "HELD",
    "Picture",
    "ReaderLine",
    "Shown",
    "catches",
    "clean_files",
    "has_read",
    "images",
    "is_drawn_in",
    "is_open_to",
    "lacks_second",
    "modalities",
    "next_after",
    "open_to",
    "picture_of",
    "planted_for",
    "planted_seen_by",
    "progress",
    "reader_lines",
    "recheck_of",
    "rechecks_visible",
    "refusals",
    "report_on",
    "sample_key",
    "second_reader_for",
    "series_of",
    "series_seen_by",
    "shown_to",
    "stewarded",
    "tag_of",
    "token_for",
    "unread_words",
    "waiting",
    "waiting_for_second",
    "words_of",
    "worklist",
]
