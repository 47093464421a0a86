"""De-identifies one file: bytes in, bytes out, or a reason why not; nothing is raised and nothing is logged."""

import hashlib

from . import pseudonyms
from .claims import with_claims
from .clean import Cleaner
from .container import Container, read_container
from .decide import table_for
from .echoes import Echoes
from .keys import SubjectKey
from .parse import Parser
from .pixels import COLUMNS, FRAMES, ROWS, PixelRisk, pixel_risk
from .reasons import SENTENCES, Refused
from .results import Cleaned, Quarantined
from .rules import RULES_DIGEST
from .tree import Dataset, number_of, text_of
from .write import write_file

SOP_CLASS, SOP_INSTANCE, STUDY, SERIES = 0x00080016, 0x00080018, 0x0020000D, 0x0020000E
MODALITY, BODY_PART, STUDY_DATE = 0x00080060, 0x00180015, 0x00080020


def deidentify(data: bytes, *, key: SubjectKey) -> Cleaned | Quarantined:
    """Cleans one DICOM file for the subject whose key it is.

    The same bytes and key give the same output everywhere. Follows PS3.15 annex E: the Basic Profile with modified
    dates. Never raises for anything that a file may hold: what cannot be made safe comes back as Quarantined.
    """
    source = hashlib.sha256(data).hexdigest()
    try:
        return _clean(data, key, source)
    except Refused as refused:
        return Quarantined(refused.reason, refused.sentence, source)
    except Exception:  # the promise is that no file can stop a worker; the cause may hold personal values
        return Quarantined("engine_failed", SENTENCES["engine_failed"], source)


def _clean(data: bytes, key: SubjectKey, source: str) -> Cleaned:
    container = read_container(data)
    parser = Parser(container.data)
    dataset = parser.root(container.start, container.encoding)
    risk, cleaner = prepare(dataset, container, key)
    little = container.encoding.little
    cleaned = cleaner.dataset(dataset)
    sop_class, instance = text_of(cleaned, SOP_CLASS), text_of(cleaned, SOP_INSTANCE)
    cleaned = with_claims(cleaned, pseudonyms.pseudonym(key))
    output = write_file(cleaned, sop_class.encode(), instance.encode(), container.transfer_syntax)
    return Cleaned(
        data=output,
        source_sha256=source,
        output_sha256=hashlib.sha256(output).hexdigest(),
        rules_digest=RULES_DIGEST,
        sop_class_uid=sop_class,
        sop_instance_uid=instance,
        series_uid=text_of(cleaned, SERIES),
        study_uid=text_of(cleaned, STUDY),
        modality=text_of(cleaned, MODALITY),
        body_part=text_of(cleaned, BODY_PART),
        rows=number_of(cleaned, ROWS, little),
        columns=number_of(cleaned, COLUMNS, little),
        frames=number_of(cleaned, FRAMES, little, 1),
        study_date=text_of(cleaned, STUDY_DATE).replace(".", ""),
        pixel_risk=risk,
        decisions=cleaner.decisions,
        warnings=container.warnings + parser.warnings + cleaner.warnings,
    )


def prepare(dataset: Dataset, container: Container, key: SubjectKey) -> tuple[PixelRisk, Cleaner]:
    """Checks that the object may be cleaned at all; its pixel risk and a cleaner for it. Raises Refused."""
    sop_class = text_of(dataset, SOP_CLASS)
    if not sop_class or not all(text_of(dataset, tag) for tag in (SOP_INSTANCE, STUDY, SERIES)):
        raise Refused("missing_identifier")
    risk = pixel_risk(dataset, sop_class, container.transfer_syntax, container.encoding.little)
    return risk, Cleaner(key, table_for(sop_class), Echoes(dataset))
