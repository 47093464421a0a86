"""The access matrix: for every address of the house, who gets which answer for whose thing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

STAFF = ("curator", "committee", "job_reviewer", "steward", "auditor")
DONORS = ("donor", "other_donor", "leaver", "stopped")
RESEARCHERS = ("researcher", "other_researcher")
INSIDERS = (*STAFF, *RESEARCHERS)
#: The same roles in the other programme, of which none may see anything of the first one's.
STRANGERS = tuple(f"stranger_{role}" for role in (*STAFF, "researcher", "donor"))
ROLES = ("anonymous", "nobody", *DONORS, *INSIDERS, *STRANGERS)
OK, THERE, SIGN_IN, NOT_YOU, NO_SUCH, NO_WAY, NOW_NOT, WRONG = 200, 302, 302, 403, 404, 405, 409, 422


@dataclass(frozen=True)
class Row:
    """Answers to one address with one thing in it. `who` lists those whose answer is not `others`."""

    who: Mapping[str, int] = field(default_factory=dict)
    of: Mapping[str, str] = field(default_factory=dict)
    others: int = NO_SUCH
    anonymous: int = SIGN_IN
    post: bool = False

    def expected(self, role: str) -> int:
        """The status for a role."""
        return self.who.get(role, self.anonymous if role == "anonymous" else self.others)


def for_all(status: int = OK, **of: str) -> Row:
    """The same answer for everybody."""
    return Row(of=of, others=status, anonymous=status)


def signed_in(**of: str) -> Row:
    """A page of one's own for whoever is signed in: what is on it is narrowed to them."""
    return Row(of=of, others=OK)


def only(*roles: str, status: int = OK, **of: str) -> Row:
    """A page for some; for all others it does not exist."""
    return Row(dict.fromkeys(roles, status), of)


def deed(answers: Mapping[str, int], **of: str) -> Row:
    """A POST without data: what those who may do it are answered; for all others it does not exist."""
    return Row(answers, of, post=True)


def script(answers: Mapping[str, int], **of: str) -> Row:
    """A POST by a page's script, which is told that nobody is signed in and not led to another page."""
    return Row(answers, of, anonymous=401, post=True)


def both(role: str) -> tuple[str, str]:
    """A role in either programme: for pages on which each sees their own programme's things."""
    return role, f"stranger_{role}"


WATCHERS = (*both("steward"), *both("auditor"))
REPORT_READERS = (*WATCHERS, *both("curator"))
ON_THE_WAY = {"donor": THERE, "other_donor": THERE, "stopped": THERE}
NOTHING = "=00000000-0000-7000-8000-000000000000"
ENTRANCE = Row(others=THERE, anonymous=OK)

TABLE: dict[str, tuple[Row, ...]] = {
    "design_gallery": (for_all(NO_SUCH),),  # in the demo and in development only
    "account_login": (ENTRANCE,),
    "account_signup": (ENTRANCE,),
    "account_logout": (signed_in(),),
    "account_inactive": (for_all(),),
    "account_reauthenticate": (signed_in(),),
    "account_email": (signed_in(),),
    "account_email_verification_sent": (for_all(),),
    "account_change_password": (signed_in(),),
    "account_set_password": (for_all(THERE),),
    "account_reset_password": (for_all(),),
    "account_reset_password_done": (for_all(),),
    "account_confirm_login_code": (for_all(THERE),),
    "account_confirm_email": (for_all(key="=unknown"),),
    "account_reset_password_from_key": (for_all(uidb36="=0", key="=unknown"),),
    "account_reset_password_from_key_done": (for_all(),),
    "api_schema": (for_all(),),
    "consent:start": (for_all(slug="=slug"),),
    "consent:about": (for_all(slug="=slug"),),
    "consent:read": (for_all(slug="=slug", section="=what"), for_all(NO_SUCH, slug="=slug", section="=nothing")),
    "consent:questions": (for_all(slug="=slug"),),
    "consent:details": (Row(ON_THE_WAY, {"slug": "=slug"}, others=OK),),
    "consent:choose": (Row(ON_THE_WAY, {"slug": "=slug"}, others=OK),),
    "consent:review": (for_all(THERE, slug="=slug"),),
    "consent:sign": (for_all(THERE, slug="=slug"),),
    "consent:receipt": (only("donor", pk="receipt"),),
    "consent:choices": (signed_in(),),
    "consent:change": (only("donor", pk="donor"),),
    "consent:confirm_change": (only("donor", status=THERE, pk="donor"),),
    "consent:allow_contact": (deed({"donor": THERE}, pk="donor"),),
    "consent:allow_new": (only("donor", status=NOW_NOT, pk="donor"),),
    "consent:fhir": (only("donor", pk="donor"),),
    "consent:renew": (only("donor", status=THERE, pk="donor"),),
    "consent:withdraw": (signed_in(),),
    "consent:confirm_withdrawal": (
        only("donor", pk="donor", kind="=erase"),
        only(pk="donor", kind="=something-else"),
    ),
    "consent:withdrawal": (only("leaver", "steward", "auditor", pk="withdrawal"),),
    "consent:certificate": (only("leaver", "steward", "auditor", pk="withdrawal"),),
    "consent:forms": (only(*WATCHERS),),
    "consent:form_new": (only(*both("steward")),),
    "consent:form_json": (only(*both("steward")),),
    "consent:form_version": (only("steward", "auditor", pk="form"), only("steward", "auditor", pk="draft_form")),
    "consent:form_edit": (only("steward", pk="draft_form"), only("steward", status=THERE, pk="form")),
    "consent:translate": (only("steward", pk="draft_form"), only("steward", status=THERE, pk="form")),
    "consent:publish": (only("steward", pk="draft_form"), only("steward", status=THERE, pk="form")),
    "consent:retire": (only("steward", pk="form"), only("steward", status=THERE, pk="draft_form")),
    "consent:past": (only(*WATCHERS),),
    "consent:programme": (only("steward", pk="programme"),),
    "consent:leaving": (only("steward", pk="programme"),),
    "consent:check": (only(*both("steward")),),
    "consent:identities": (only(*both("steward")),),
    "consent:identity": (only("steward", pk="opening"),),
    "consent:withdrawals": (only(*WATCHERS),),
    "registry:donate": (signed_in(),),
    "registry:donation": (only("donor", pk="donors_donation"), only("stopped", pk="stopped_donation")),
    "registry:donation_files": (deed({"stopped": THERE}, pk="stopped_donation"),),
    "registry:donation_not_used": (only("donor", pk="donors_donation"), only("stopped", pk="stopped_donation")),
    "registry:donation_senders": (
        only("donor", pk="donors_donation"),
        only("stopped", pk="stopped_donation"),
        deed({"stopped": OK}, pk="stopped_donation"),
    ),
    "registry:donation_letter": (
        only("donor", pk="donors_donation"),
        only("stopped", pk="stopped_donation"),
        deed({"stopped": WRONG}, pk="stopped_donation"),
    ),
    "registry:donation_letter_pdf": (deed({"stopped": WRONG}, pk="stopped_donation"),),
    "registry:donation_letter_end": (deed({"stopped": THERE}, pk="stopped_donation", invitation="invitation"),),
    # For a page's script: answered as the API answers, and without the protocol's version nothing is done.
    "registry:donation_manifest": (script({"stopped": 400}, pk="stopped_donation"),),
    "registry:donation_uploads": (script({"stopped": 412}, pk="stopped_donation"),),
    "registry:donation_upload": (script({"stopped": 412}, pk="stopped_donation", upload="upload"),),
    "registry:donation_complete": (
        script({"stopped": NOW_NOT}, pk="stopped_donation"),
        script({"donor": OK}, pk="donors_donation"),
    ),
    "registry:donation_answer": (deed({"stopped": THERE}, pk="stopped_donation"),),
    "registry:donation_send": (
        deed({"donor": THERE}, pk="donors_donation"),
        deed({"stopped": NOW_NOT}, pk="stopped_donation"),
    ),
    "registry:donation_take_back": (
        only("stopped", pk="stopped_donation"),
        deed({"stopped": THERE}, pk="stopped_donation"),
        deed({"donor": NOW_NOT}, pk="donors_donation"),
    ),
    # Whoever has typed no code is led to where it is typed, whatever the address names.
    "registry:hospital": (for_all(),),
    "registry:hospital_sent": (for_all(),),
    "registry:hospital_page": (for_all(THERE, pk=NOTHING),),
    "registry:hospital_files": (Row(of={"pk": NOTHING}, others=THERE, anonymous=THERE, post=True),),
    "registry:hospital_finish": (Row(of={"pk": NOTHING}, others=THERE, anonymous=THERE, post=True),),
    "registry:mydata": (signed_in(),),
    "registry:news": (only(*DONORS, "stranger_donor"),),
    "registry:catalogue": (signed_in(),),
    "registry:dataset": (only(*INSIDERS, pk="dataset"),),
    "registry:freeze": (deed(dict.fromkeys(INSIDERS, NOT_YOU) | {"steward": NOW_NOT}, pk="dataset"),),
    "registry:dataset_new": (Row(dict.fromkeys(both("steward"), OK), others=NOT_YOU),),
    "registry:version": (only(*INSIDERS, pk="version"),),
    "registry:manifest": (
        Row(dict.fromkeys(INSIDERS, NOT_YOU) | {"researcher": OK, "steward": OK}, {"pk": "version"}),
    ),
    "registry:request_new": (Row(dict.fromkeys(STAFF, NOT_YOU) | dict.fromkeys(RESEARCHERS, OK), {"pk": "version"}),),
    "registry:requests": (signed_in(),),
    "registry:request": (
        only("researcher", pk="draft_request"),
        only("other_researcher", "committee", "steward", "auditor", pk="request"),
    ),
    "registry:request_send": (deed({"researcher": THERE}, pk="draft_request"),),
    "registry:request_take_back": (
        only("other_researcher", pk="request"),
        deed({"other_researcher": THERE}, pk="request"),
        deed({"researcher": NOW_NOT}, pk="approved_request"),
    ),
    "registry:vote": (
        deed({"committee": OK, "other_researcher": NOT_YOU, "steward": NOT_YOU, "auditor": NOT_YOU}, pk="request"),
    ),
    "registry:grant": (only("researcher", "committee", "steward", "auditor", pk="grant"),),
    "registry:grant_revoke": (
        Row({"committee": OK, "steward": OK, "researcher": NOT_YOU, "auditor": NOT_YOU}, {"pk": "grant"}),
    ),
    "registry:evidence": (only("researcher", "committee", "steward", "auditor", pk="evidence"),),
    "registry:report": (for_all(),),
    "registry:reported": (for_all(),),
    "registry:report_version": (only(*INSIDERS, pk="version"),),
    "registry:reports": (only(*REPORT_READERS),),
    "registry:report_one": (only("steward", "curator", "auditor", pk="report"),),
    "registry:report_point": (deed({"steward": WRONG, "curator": NOT_YOU, "auditor": NOT_YOU}, pk="report"),),
    "registry:report_confirm": (Row({"steward": OK, "curator": NOT_YOU, "auditor": NOT_YOU}, {"pk": "report"}),),
    "registry:report_dismiss": (Row({"steward": OK, "curator": NOT_YOU, "auditor": NOT_YOU}, {"pk": "report"}),),
    "registry:recall": (only("researcher", pk="notice"),),
    "curation:rechecks": (only(*REPORT_READERS),),
    "curation:recheck": (only("steward", "curator", "auditor", pk="recheck"),),
    "curation:recheck_json": (only("steward", "curator", "auditor", pk="recheck"),),
    "curation:recheck_csv": (only("steward", "curator", "auditor", pk="recheck"),),
    "curation:engine_key": (deed({"stopped": OK}, pk="stopped_donation"),),
    "curation:engine_numbers": (deed({"stopped": 400}, pk="stopped_donation"),),
    "curation:worklist": (only(*both("curator")),),
    "curation:quarantine": (only(*both("curator"), *both("steward")),),
    "curation:series": (only("curator", pk="series"),),
    "curation:accept": (deed({"curator": WRONG}, pk="series"),),
    "curation:reject": (deed({"curator": WRONG}, pk="series"),),
    "curation:redact": (deed({"curator": WRONG}, pk="series"),),
    "curation:sheets": (only(*both("curator")),),
    "curation:readers": (only(*both("steward")),),
    "curation:planted": (only("curator", pk="probe"),),
    "curation:planted_png": (only("curator", pk="probe"),),
    "curation:render": (only("curator", pk="render"),),
    "training_jobs:jobs": (signed_in(),),
    "training_jobs:new": (only("researcher", pk="grant"),),
    "training_jobs:job": (only("researcher", "job_reviewer", "steward", "auditor", pk="job"),),
    "training_jobs:job_cancel": (
        only("researcher", "job_reviewer", "steward", "auditor", pk="waiting_job"),
        deed({"researcher": THERE, "job_reviewer": THERE}, pk="waiting_job"),
        deed({"researcher": NOW_NOT, "job_reviewer": NOW_NOT}, pk="job"),
    ),
    "training_jobs:job_retry": (
        deed({"researcher": NOT_YOU, "steward": NOT_YOU, "auditor": NOT_YOU, "job_reviewer": NOW_NOT}, pk="job"),
    ),
    "training_jobs:output": (only("researcher", "job_reviewer", "steward", "auditor", pk="held_output"),),
    "training_jobs:download": (only("researcher", pk="output"), only(pk="held_output")),
    "training_jobs:report_output": (only("researcher", "job_reviewer", "steward", "auditor", pk="held_output"),),
    "portal:landing": (for_all(),),
    "portal:healthz": (for_all(),),
    "portal:help": (for_all(),),
    "portal:privacy": (for_all(),),
    "portal:accessibility": (for_all(),),
    "portal:log": (for_all(),),
    "portal:log_head": (for_all(),),
    "portal:log_head_of": (for_all(NO_SUCH, size="=999999999"), for_all(400, size="=x")),
    "portal:log_checkpoint": (for_all(),),
    "portal:log_consistency": (for_all(400),),
    "portal:log_inclusion": (for_all(NO_SUCH, leaf="=" + "0" * 64), for_all(400, leaf="=x")),
    "portal:log_key": (for_all(),),
    "portal:log_verifier": (for_all(),),
    "portal:everything": (only("donor", pk="donor"),),
    "portal:home": (signed_in(),),
    "portal:inbox": (signed_in(),),
    "portal:notices": (signed_in(),),
    "portal:people": (only(*both("steward")),),
    "portal:damage": (only(*both("steward")),),
    "portal:end_role": (deed({"steward": THERE}, membership_id="membership"),),
    "portal:tokens": (signed_in(),),
    "portal:revoke_token": (deed({"researcher": THERE}, token_id="token"),),
    "portal:audit": (only(*WATCHERS),),
}
