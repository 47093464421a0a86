"""De-identifies folders: every file in, clean files under new names out, a report on each; can be interrupted."""

from .job import FolderError, Job
from .run import run

__all__ = ["FolderError", "Job", "run"]
