"""Who the audit trail names when curation's workers act."""

from core.actors import SystemActor

CLEANER = SystemActor("cleaner")
