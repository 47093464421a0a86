"""Third chapter: workers de-identify what came in, and curators look at each series, two at those with a risk."""

from core.accounts.models import User
from core.accounts.roles import Role
from core.due.models import DueWork
from curation import actions, queries
from curation.models import Series
from portal.story.stage import Stage
from registry.queries import donations_to_clean

#: Nine hundred pictures are searched for writing, by as many processes as there are cores for.
PATIENCE = 1_800
LOOKED_AT = 12  # of the series; a page for each would be most of what the story does
WANTED = {"CT", "MR", "CR", "DX", "PT", "NM"}


def tell(stage: Stage) -> None:
    """Waits for the workers, then accepts or rejects everything as curators do."""
    with stage.teller.chapter("Workers de-identify, curators look"):
        stage.teller.say("Workers clean every file, search it for its donor, and draw a picture of it.")
        stage.teller.wait(lambda: _decide_all(stage), "every donation is decided", seconds=PATIENCE)
        stage.teller.hold(not _anything_waits(stage), "nothing waits for a curator")


def _decide_all(stage: Stage) -> bool:
    """Decides what waits now; true once no donation is left that is not settled."""
    for curator in _curators(stage):
        for series in queries.worklist(curator)[:200]:
            _decide(stage, series, curator)
    return not work_left(stage)


def _decide(stage: Stage, series: Series, curator: User) -> None:
    """One curator's decision; a series that needs two waits for the other one's."""
    if stage.looked_at < LOOKED_AT:
        _look(stage, series)
    if series.modality in WANTED:
        words = queries.unread_words(series)
        actions.accept_series(series=series, finding=_finding(stage, series), words=words, by=curator)
    else:
        actions.reject_series(series=series, reason="writing", by=curator)


def _curators(stage: Stage) -> list[User]:
    return [stage.cast.one(Role.CURATOR, place) for place in (0, 1)]


def _anything_waits(stage: Stage) -> bool:
    return any(queries.worklist(curator).exists() for curator in _curators(stage))


def work_left(stage: Stage) -> bool:
    """Whether workers still clean or draw, or something waits for the curator."""
    cleaning = DueWork.objects.filter(done=False, kind__startswith="curation.").exists()
    return cleaning or donations_to_clean().exists() or _anything_waits(stage)


def _look(stage: Stage, series: Series) -> None:
    """Opens the series' page, as a curator would; the decision itself is the same action that the page calls."""
    browser = stage.browser(stage.cast.one(Role.CURATOR))
    browser.get(f"/curation/{series.pk}/")
    stage.looked_at += 1


def _finding(stage: Stage, series: Series) -> str:
    if series.donation_id in stage.real_donations:
        return ""
    return "lesion" if stage.lesions[series.donor_id] else "none"
