"""The whole story, chapter by chapter."""

from portal.story.cast import gather, sign_ins
from portal.story.chapters import asking, cleaning, consenting, donating, freezing, leaving, searching, training
from portal.story.stage import Stage
from portal.story.telling import Teller

CHAPTERS = (consenting, donating, cleaning, freezing, asking, training, leaving, searching)


def tell(teller: Teller, *, origin: str, donors: int) -> Stage:
    """Tells all of it against the portal at `origin`, whose workers run; raises StoryBroken where a step fails."""
    stage = Stage(teller, gather(), origin, donors)
    for chapter in CHAPTERS:
        chapter.tell(stage)
    teller.say("The story held, from the first signature to the last search.")
    return stage


def farewell(teller: Teller, stage: Stage) -> None:
    """One sign-in per role, for trying it by hand."""
    with teller.chapter(f"Sign in at {stage.origin} (password for all: {stage.cast.password})"):
        for role, address in sign_ins(stage.cast):
            teller.out.write(f"  {role:<26} {address}\n")
        teller.out.flush()
