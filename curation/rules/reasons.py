"""Why a file or a series is not taken, besides the engine's own reasons: each code with its sentence. Plain Python."""

#: Why a series goes that was accepted, or waited for a curator.
RECALLED, RECHECK = "recalled", "recheck"
#: Found by a worker after the engine was done, or about the file's stored bytes.
WORKER = {
    "uid_conflict": "Another, different file with the same identifier was taken before this one.",
    "series_shown": "Its series had already been shown to a curator.",
    "bytes_missing": "The stored file is no longer there, or is not what was uploaded.",
    RECALLED: "Somebody could be recognised in it after it was released, so it was taken back.",
    RECHECK: "It was cleaned by older rules, and the rules of today find something in it.",
    "already_cleaned": "The file was cleaned before; one result per file is kept.",
}
#: Found while the picture was made that curators look at.
PICTURE = {
    "no_decoder": "The picture is stored in a way that cannot be shown here, so nobody could look at it.",
    "no_picture": "The file should hold a picture and does not.",
    "picture_too_large": "The picture says that it is larger than any that is shown here.",
    "picture_broken": "The picture is damaged, or stored in a way that cannot be shown, so nobody could look at it.",
}
#: Those of the curators' reasons that have a meaning elsewhere: words in the files, and writing in the picture.
NAMING_WORDS, WRITING = "words", "writing"
#: What a curator may give as the reason for rejecting a series.
REJECTION = {
    WRITING: "Writing in the picture could say who the donor is.",
    "face": "The picture shows a face that could be recognised.",
    "not_medical": "It is not a medical image.",
    NAMING_WORDS: "Words that stay in the files name somebody.",
    "quality": "The images cannot be used: empty, cut off or badly disturbed.",
    "wrong_person": "It looks like another person's examination.",
    "other": "Another reason, agreed with the data steward.",
}
