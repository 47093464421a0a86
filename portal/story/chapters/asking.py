"""Fifth chapter: a company and a university ask for access; the committee decides, the university signs."""

from typing import Any

from core.accounts.models import User
from core.accounts.roles import Role
from portal.story.stage import Stage
from registry import actions, queries

ANSWERS: dict[str, Any] = {
    "area": "diseases",
    "diseases": ["MONDO:0004992"],
    "countries": ["GB"],
    "train_model": True,
    "share_weights": False,
    "sensitive": [],
}


def tell(stage: Stage) -> None:
    """Two requests for the same work by different askers; the numbers differ, one becomes a grant."""
    with stage.teller.chapter("Researchers ask, the committee decides"):
        company = _ask(stage, stage.cast.one(Role.RESEARCHER, 1), "A company", "forprofit", commercial=True)
        university = _ask(stage, stage.cast.one(Role.RESEARCHER), "A university", "nonprofit", commercial=False)
        for who, request in (("The company", company), ("The university", university)):
            stage.teller.say(f"{who} asks: {request.permitted_donors} of {request.total_donors} donors permit it.")
        stage.teller.hold(
            company.permitted_donors < university.permitted_donors < university.total_donors,
            "fewer donors permit the company's use than the university's, and not all permit that",
        )
        _decide(stage, company, approves=False, reason="The aim can be reached without selling a model.")
        _decide(stage, university, approves=True, reason="A clear aim, and only donors who permit it.")
        grant = queries.grants_of(stage.cast.one(Role.RESEARCHER)).get(request=university)
        stage.teller.hold(grant.state == "offered", "two members of the committee approved; an agreement is offered")
        actions.sign_agreement(grant=grant, typed_name="Ulla University", by=stage.cast.one(Role.RESEARCHER))
        grant.refresh_from_db()
        stage.grant_id = grant.pk
        stage.teller.hold(
            grant.state == "active" and grant.agreement_sha256,
            f"a grant exists: one person, one purpose, version 1.0.0, until {grant.expires_at:%d %B %Y}",
        )


def _ask(stage: Stage, researcher: User, institution: str, org: str, *, commercial: bool) -> Any:
    request = actions.draft_request(
        version=queries.versions_visible(researcher).get(pk=stage.version_id),
        title="Finding bright spots",
        aim="We want to find out whether a simple program can tell slices with a bright spot from those without.",
        institution=institution,
        answers={**ANSWERS, "org": org, "commercial": commercial},
        by=researcher,
    )
    actions.submit_request(request=request, by=researcher)
    request.refresh_from_db()
    return request


def _decide(stage: Stage, request: Any, *, approves: bool, reason: str) -> None:
    for place in (0, 1):
        actions.cast_vote(request=request, approves=approves, reason=reason, by=stage.cast.one(Role.COMMITTEE, place))
