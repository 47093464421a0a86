"""Reading a version's manifest: for those who hold a grant of it, and for stewards; each reading is recorded."""

from core.accounts.queries import holds
from core.accounts.roles import Role
from core.actors import Actor
from core.audit.record import record
from core.errors import Conflict, NotAllowed
from core.storage import work as storage
from core.texts import Filled
from core.texts import gettext_noop as _
from registry.models import DatasetVersion
from registry.permissions import person
from registry.queries.access import may_read_manifest
from registry.queries.batches import contents_wait_until
from registry.queries.datasets import manifest_is_stale

WAITS = _(
    "A donor has withdrawn. This list can be read again from {day} at the latest, so that nobody can tell who it was."
)


def read_manifest(*, version: DatasetVersion, by: Actor) -> bytes:
    """The manifest's very bytes. Their SHA-256 is the version's digest, until a withdrawal puts tombstones in.

    Raises NotAllowed without a grant that is in force, Conflict while the version is being frozen, while what was
    taken back still stands in the list, and while its successor waits for more leavers.
    """
    if not may_read_manifest(person(by), version):
        raise NotAllowed("Only those who hold a grant for this version can read its list of files.", "no_grant")
    if version.manifest is None:
        raise Conflict("This version is being frozen. Its list of files is not there yet.", "freezing")
    if manifest_is_stale(version):
        raise Conflict("This list of files is being made anew without images that were taken back.", "redacting")
    until = contents_wait_until(version)
    if until is not None and not holds(person(by), version.programme_id, Role.STEWARD):
        raise Conflict(
            Filled(WAITS, day=until.date()),
            "batch_waiting",
        )
    record("manifest.read", version, by=by, data={"manifest": version.manifest.pk})
    return storage.read(version.manifest)
