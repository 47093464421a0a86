"""How DICOM attributes are called where people read of them. Plain Python."""

from pydicom.datadict import dictionary_description


def code_of(tag: int) -> str:
    """A tag's number as its 8 hex digits, such as 0008103E."""
    return f"{tag:08X}"


def name_of(code: str) -> str:
    """An attribute's name in the standard (PS3.6), by its 8 hex digits; its tag where the standard gives it none."""
    try:
        return dictionary_description(int(code, 16))
    except (KeyError, ValueError):
        return f"({code[:4]},{code[4:]})"
