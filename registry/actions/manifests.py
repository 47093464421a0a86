"""Reading a version's manifest: for those who hold a grant of it, and for stewards; each reading is recorded."""

from core.actors import Actor
from core.audit.record import record
from core.errors import Conflict, NotAllowed
from core.storage import work as storage
from registry.models import DatasetVersion
from registry.permissions import person
from registry.queries.access import may_read_manifest


def read_manifest(*, version: DatasetVersion, by: Actor) -> bytes:
    """The manifest's very bytes. Their SHA-256 is the version's digest, until a withdrawal puts tombstones in.

    Raises NotAllowed without a grant that is in force, Conflict while the version is being frozen.
    """
    if not may_read_manifest(person(by), version):
        raise NotAllowed("Only those who hold a grant for this version can read its list of files.", "no_grant")
    if version.manifest is None:
        raise Conflict("This version is being frozen. Its list of files is not there yet.", "freezing")
    record("manifest.read", version, by=by, data={"manifest": version.manifest.pk})
    return storage.read(version.manifest)
