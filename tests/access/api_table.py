"""The API's access matrix: each endpoint's scope, its thing's owner, and the answer to a sound call without data."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Call:
    """A sound call. `owner` may make it with a token for `scope`; with a thing in the address, nobody else may.

    `bound`: the thing that the token must be made for; for nobody but its owner can it be.
    """

    method: str
    scope: str
    owner: str
    status: int
    of: Mapping[str, str] = field(default_factory=dict)
    bound: str = ""


UPLOAD = {"pk": "stopped_donation", "upload": "upload"}
TABLE: dict[str, tuple[Call, ...]] = {
    "consent_api:consents": (Call("GET", "consents", "donor", 200),),
    "consent_api:consent_fhir": (Call("GET", "consents", "donor", 200, {"pk": "donor"}),),
    "registry_api:donations": (
        Call("GET", "donations", "donor", 200),
        Call("POST", "donations", "donor", 400),
    ),
    "registry_api:donation": (Call("GET", "donations", "donor", 200, {"pk": "donors_donation"}),),
    "registry_api:donation_files": (Call("POST", "donations", "stopped", 200, {"pk": "stopped_donation"}),),
    "registry_api:donation_manifest": (
        Call("GET", "donations", "donor", 200, {"pk": "donors_donation"}),
        Call("POST", "donations", "stopped", 400, {"pk": "stopped_donation"}),
    ),
    # Without the protocol's version nothing is done.
    "registry_api:donation_uploads": (Call("POST", "donations", "stopped", 412, {"pk": "stopped_donation"}),),
    "registry_api:donation_upload": (
        Call("GET", "donations", "stopped", 200, UPLOAD),
        Call("POST", "donations", "stopped", 412, UPLOAD),
        Call("PATCH", "donations", "stopped", 412, UPLOAD),
        Call("DELETE", "donations", "stopped", 412, UPLOAD),
    ),
    "registry_api:donation_complete": (
        Call("GET", "donations", "donor", 200, {"pk": "donors_donation"}),
        Call("POST", "donations", "donor", 200, {"pk": "donors_donation"}),
        Call("POST", "donations", "stopped", 409, {"pk": "stopped_donation"}),
    ),
    "registry_api:donation_submit": (
        Call("POST", "donations", "donor", 200, {"pk": "donors_donation"}),
        Call("POST", "donations", "stopped", 409, {"pk": "stopped_donation"}),
    ),
    # A body of no known kind.
    "dicomweb_api:stow": (Call("POST", "stow", "stopped", 415, bound="stopped_donation"),),
    "dicomweb_api:stow_study": (
        Call("POST", "stow", "stopped", 415, {"study": "=1.2.3"}, bound="stopped_donation"),
        Call("POST", "stow", "stopped", 400, {"study": "=word"}, bound="stopped_donation"),
    ),
    "registry_api:requests": (
        Call("GET", "requests", "researcher", 200),
        Call("POST", "requests", "researcher", 400),
    ),
    "registry_api:request": (Call("GET", "requests", "researcher", 200, {"pk": "draft_request"}),),
    "registry_api:request_submit": (Call("POST", "requests", "researcher", 200, {"pk": "draft_request"}),),
    "registry_api:grants": (Call("GET", "requests", "researcher", 200),),
    "training_jobs_api:jobs": (
        Call("GET", "jobs", "researcher", 200),
        Call("POST", "jobs", "researcher", 400),
    ),
    "training_jobs_api:job": (Call("GET", "jobs", "researcher", 200, {"pk": "job"}),),
    "training_jobs_api:outputs": (Call("GET", "results", "researcher", 200, {"pk": "job"}),),
    "training_jobs_api:content": (
        Call("GET", "results", "researcher", 200, {"pk": "output"}),
        Call("GET", "results", "researcher", 404, {"pk": "held_output"}),
    ),
}
