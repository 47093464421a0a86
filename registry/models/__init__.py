"""The registry's tables."""

from registry.models.access import AccessRequest, Grant, Vote
from registry.models.datasets import Dataset, DatasetVersion, VersionEntry
from registry.models.decisions import MatterDecision
from registry.models.donations import DonatedFile, Donation
from registry.models.evidence import Evidence
from registry.models.images import Image
from registry.models.invitations import Invitation
from registry.models.news import UseNews
from registry.models.recall import HolderNotice, IdentityReport, RecallStep, ReportedImage
from registry.models.sharing import GivenStudy
from registry.models.takeouts import Takeout, TakeoutFile
from registry.models.uploads import QuarantineUse, Upload, UploadPart

__all__ = [
    "AccessRequest",
    "Dataset",
    "DatasetVersion",
    "DonatedFile",
    "Donation",
    "Evidence",
    "GivenStudy",
    "Grant",
    "HolderNotice",
    "IdentityReport",
    "Image",
    "Invitation",
    "MatterDecision",
    "QuarantineUse",
    "RecallStep",
    "ReportedImage",
    "Takeout",
    "TakeoutFile",
    "Upload",
    "UploadPart",
    "UseNews",
    "VersionEntry",
    "Vote",
]
