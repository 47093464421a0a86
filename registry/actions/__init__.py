"""What people do in the registry: donate, make datasets, ask for access, decide, sign, report."""

from registry.actions.completing import complete_donation
from registry.actions.datasets import create_dataset, freeze_version
from registry.actions.donations import abandon_donation, answer_identity, start_donation, submit_donation
from registry.actions.entering import FileAnswer
from registry.actions.evidence import accept_evidence, give_evidence, send_back
from registry.actions.grants import revoke_grant, sign_agreement
from registry.actions.hospital import add_sent, finish_sending, open_invitation, open_now
from registry.actions.images import admit_images
from registry.actions.inviting import end_invitation, invite
from registry.actions.news import choose_news
from registry.actions.parts import add_part, end_upload
from registry.actions.promises import FileStanding, promise_files
from registry.actions.recall import BY_LINK, attest, confirm_report, dismiss_report, point_report, report_identity
from registry.actions.requests import draft_request, submit_request, take_back
from registry.actions.senders import make_sender
from registry.actions.taking import ask_for_copies, take_copies
from registry.actions.tus import DonationUploads
from registry.actions.uploads import add_file, add_upload
from registry.actions.voting import cast_vote
from registry.rules.admission import AdmittedImage, AdmittedSeries

__all__ = [
    "BY_LINK",
    "AdmittedImage",
    "AdmittedSeries",
    "DonationUploads",
    "FileAnswer",
    "FileStanding",
    "abandon_donation",
    "accept_evidence",
    "add_file",
    "add_part",
    "add_sent",
    "add_upload",
    "admit_images",
    "answer_identity",
    "ask_for_copies",
    "attest",
    "cast_vote",
    "choose_news",
    "complete_donation",
    "confirm_report",
    "create_dataset",
    "dismiss_report",
    "draft_request",
    "end_invitation",
    "end_upload",
    "finish_sending",
    "freeze_version",
    "give_evidence",
    "invite",
    "make_sender",
    "open_invitation",
    "open_now",
    "point_report",
    "promise_files",
    "report_identity",
    "revoke_grant",
    "send_back",
    "sign_agreement",
    "start_donation",
    "submit_donation",
    "submit_request",
    "take_back",
    "take_copies",
]
