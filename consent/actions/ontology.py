"""Loading a file of diseases, such as all of MONDO, in place of the one before: whole or not at all."""

from django.db import transaction

from consent.models import Disease, Ontology
from consent.queries.diseases import ontology_in_use
from consent.rules.ontology import OntologyFile
from core.actors import Actor
from core.audit.record import record
from core.bulk import insert


def load_ontology(*, file: OntologyFile, by: Actor) -> bool:
    """Puts the file's diseases in use from now on; returns False, changing nothing, where they are in use already."""
    with transaction.atomic():
        known = ontology_in_use()
        if known is not None and known.digest == file.digest:
            return False
        loaded = Ontology.objects.create(
            digest=file.digest, source=file.source, size=len(file.diseases), loaded_by=by.actor_id
        )
        insert(
            Disease,
            [
                Disease(ontology=loaded, code=code, label=each.label, parents=" ".join(each.parents))
                for code, each in file.diseases.items()
            ],
        )
        Disease.objects.exclude(ontology=loaded).delete()
        record("ontology.loaded", loaded, by=by, data={"digest": loaded.digest, "diseases": loaded.size})
    return True
