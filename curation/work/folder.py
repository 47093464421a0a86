"""Works on the pictures of a run over a folder, for `manage.py deidentify --pixels clean`; asks no database."""

import hashlib
from dataclasses import replace

from curation.deid import Cleaned, Deidentifier
from curation.pixels.limits import CannotShow
from curation.pixels.task import Task
from curation.work.child import examine_in_child
from curation.work.seeds import seeds_from
from curation.work.uids import uid_after


def examined(cleaned: Cleaned, engine: Deidentifier) -> Cleaned | None:
    """The file with its picture cleaned; None where a person has to look at it, or nobody can.

    The same file comes to the same bytes, so that a run that was interrupted goes on as if it had not been.
    """
    task = Task(cleaned.pixel_plan, seeds_from(engine.study), uid_after(engine.key, cleaned.sop_instance_uid))
    try:
        found = examine_in_child(cleaned.data, task)
    except CannotShow:
        return None
    if found.risk == "look":
        return None
    plan = cleaned.pixel_plan._replace(risk=found.risk, reasons=found.reasons, hidden_bits=False)
    if found.data is None:
        return replace(cleaned, pixel_plan=plan)
    return replace(
        cleaned,
        pieces=[found.data],
        output_sha256=hashlib.sha256(found.data).hexdigest(),
        sop_instance_uid=task.new_uid if found.is_new else cleaned.sop_instance_uid,
        pixel_plan=plan,
    )
