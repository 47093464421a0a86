"""The plain way: pydicom reads the file, the rules decide, pydicom writes it. What the fast way is held to."""

import warnings
from io import BytesIO

import pydicom
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset as PydicomDataset
from pydicom.dataset import FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element
from pydicom.sequence import Sequence
from pydicom.tag import Tag
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from curation.deid import SubjectKey
from curation.deid.clean import Cleaner
from curation.deid.decide import table_for
from curation.deid.files.representations import implicit_vr, pad
from curation.deid.files.syntax import Encoding
from curation.deid.files.tree import Dataset, Element, find, text_of
from curation.deid.files.write import IMPLEMENTATION_NAME, IMPLEMENTATION_UID
from curation.deid.standard.claims import claims
from curation.deid.standard.profile import Profile
from curation.deid.texts.echoes import Echoes
from curation.deid.texts.facts import facts_of
from curation.deid.values.pseudonyms import pseudonym

UNDEFINED = 0xFFFFFFFF
_SYNTAX = {
    (True, True): ImplicitVRLittleEndian,
    (False, True): ExplicitVRLittleEndian,
    (False, False): ExplicitVRBigEndian,
}


def deidentified(data: bytes, key: SubjectKey, profile: Profile) -> bytes:
    """The cleaned file's bytes, without the engine's own reader, memory and writer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        source = pydicom.dcmread(BytesIO(data), force=True)
        implicit, little = source.original_encoding
        syntax = str(source.file_meta.get("TransferSyntaxUID") or _SYNTAX[bool(implicit), bool(little)])
        encoding = Encoding(not source.original_encoding[0], bool(source.original_encoding[1]))
        elements = tree(source, encoding)
        table = table_for(text_of(elements, 0x00080016), profile)
        cleaner = Cleaner(key, key, table, Echoes(facts_of(elements)), encoding.little, syntax)
        cleaned = cleaner.dataset(elements)
        cleaned += claims(cleaner.notes.options)
        for tag, vr in ((0x00100010, "PN"), (0x00100020, "LO")):
            if find(cleaned, tag) is None:
                cleaned.append(Element(tag, vr, pad(pseudonym(key), vr)))
        return written(
            cleaned,
            ExplicitVRLittleEndian if syntax == DeflatedExplicitVRLittleEndian else syntax,
            Encoding(not source.original_encoding[0], encoding.little),
        )


def tree(dataset: PydicomDataset, encoding: Encoding) -> Dataset:
    """pydicom's data set as the engine's tree, values unconverted."""
    found: Dataset = []
    for tag in sorted(dataset.keys()):
        raw = dataset.get_item(tag)
        vr = raw.VR if raw.VR and (raw.VR != "UN" or tag.is_private) else implicit_vr(int(tag))
        if vr == "SQ":
            items = [tree(item, encoding) for item in dataset[tag].value or ()]
            found.append(Element(int(tag), "SQ", items=items))
        elif isinstance(raw, DataElement):  # pydicom converts a few while it reads
            found.append(Element(int(tag), vr, value_of(raw, encoding)))
        elif raw.length == UNDEFINED:
            found.append(Element(int(tag), "OB", raw.value, fragments=True))
        else:
            found.append(Element(int(tag), vr, raw.value or b""))
    return found


def value_of(element: DataElement, encoding: Encoding) -> bytes:
    """The bytes of a value that pydicom has converted."""
    out = DicomBytesIO()
    out.is_implicit_VR, out.is_little_endian = True, encoding.little
    write_data_element(out, element)
    return out.getvalue()[8:]


def written(elements: Dataset, syntax: str, encoding: Encoding) -> bytes:
    """The tree written by pydicom."""
    out = BytesIO()
    dataset = built(elements, encoding)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = text_of(elements, 0x00080016)
    dataset.file_meta.MediaStorageSOPInstanceUID = text_of(elements, 0x00080018)
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.ImplementationClassUID = IMPLEMENTATION_UID.decode()
    dataset.file_meta.ImplementationVersionName = IMPLEMENTATION_NAME.decode()
    dataset.file_meta.FileMetaInformationVersion = b"\0\1"
    pydicom.dcmwrite(
        out, dataset, implicit_vr=not encoding.explicit, little_endian=encoding.little, enforce_file_format=True
    )
    return out.getvalue()


def built(elements: Dataset, encoding: Encoding) -> PydicomDataset:
    """A pydicom data set of unconverted values."""
    dataset = PydicomDataset()
    for element in elements:
        tag = Tag(element.tag)
        if element.items is not None:
            items = Sequence([built(item, encoding) for item in element.items])
            dataset._dict[tag] = DataElement(tag, "SQ", items)
            continue
        value = bytes(element.value)
        length = UNDEFINED if element.fragments else len(value)
        dataset._dict[tag] = RawDataElement(
            tag, element.vr, length, value, 0, not encoding.explicit, encoding.little, True
        )
    return dataset
