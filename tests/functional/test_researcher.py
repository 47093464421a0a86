"""A researcher's way in a browser: catalogue, request, agreement, job, result; committee and reviewers beside it."""

import re
from collections.abc import Callable
from itertools import chain

from core.due.run import drain
from tests.factories.whole import World, run_out
from tests.functional.visitor import Visitor
from training_jobs.models import TrainingJob

Visitors = Callable[..., Visitor]
TITLE = "Can a small program see bright spots?"
UNIVERSITY = "A university, hospital or other organisation that does not work for profit"
JOB = "Bright spots, small and quick"


def test_from_the_catalogue_to_the_result(visitors: Visitors, world: World) -> None:
    researcher = visitors(user=world.people["researcher"])
    ask(researcher)
    decide(visitors, world)
    sign(researcher, world)
    submit(researcher)
    approve(visitors, world)
    release(visitors, world)
    read(researcher)


def fill(visitor: Visitor, *, company: bool) -> None:
    """The purpose: once as a company, once as a university."""
    visitor.write("Title of your project", TITLE)
    visitor.write("What do you want to find out?", "Whether a small program can tell slices with a bright spot.")
    visitor.write("Your institution", "A company" if company else "University of Example")
    groups = {
        "What kind of institution is it?": "A company" if company else UNIVERSITY,
        "What is your research about?": "Health and medical research in general",
        "Is it meant to earn money?": "Yes" if company else "No",
        "Do you want to train a computer model?": "Yes",
        "Will you give the trained model to others?": "No",
    }
    for group, answer in groups.items():
        visitor.choose(answer, within=group)
    visitor.choose("None of these", within="Is it about one of these?")
    visitor.write("Countries in which the results are worked on", "GB")


def ask(visitor: Visitor) -> None:
    """From the catalogue to the committee, with the numbers for a company and for a university."""
    visitor.go("/home/").go("/datasets/").picture("catalogue").press("Slices with and without a bright spot")
    visitor.picture("dataset").press("Ask for access").press("Check the numbers")
    assert visitor.page.title().startswith("Error: ")
    fill(visitor, company=True)
    for_company = numbers(visitor.press("Check the numbers"))
    fill(visitor, company=False)
    assert 0 < for_company < 60, "some donors allow no company"
    assert "All or nearly all of 60 donors permit this purpose" in visitor.press("Check the numbers").text
    visitor.picture("request-numbers").press("Go on", exact=True).press("Send to the committee")
    assert "with the committee" in visitor.text


def numbers(visitor: Visitor) -> int:
    """How many donors the page says permit the use."""
    said = re.search(r"([\d,]+) of [\d,]+ donors permit this purpose", visitor.text)
    assert said, visitor.text
    return int(said[1].replace(",", ""))


def decide(visitors: Visitors, world: World) -> None:
    """Two members, each from their inbox."""
    for who in ("committee", "other_committee"):
        member = visitors(user=world.people[who]).go("/inbox/").press(f"Decide on a request: {TITLE}")
        member.picture("vote").press("Cast my vote")
        member.choose("Yes", within="Do you approve this request?")
        member.write("Your reason", "A clear aim that helps patients.").press("Cast my vote")
        assert "Your vote counts" in member.text


def sign(visitor: Visitor, world: World) -> None:
    """The agreement, under one's own name only."""
    visitor.go("/requests/").go("/inbox/").press(f"Sign the agreement: {TITLE}").picture("agreement")
    visitor.write("Your full name", "Somebody Else").press("Sign the agreement")
    assert "as it stands in the agreement" in visitor.text
    visitor.write("Your full name", str(world.people["researcher"])).press("Sign the agreement")
    assert "You have signed" in visitor.text


def submit(visitor: Visitor) -> None:
    """A job with a parameter that is out of bounds, then with one that is not."""
    visitor.press("New training job").picture("job-new").write("Title", JOB).write("Image size", "9999").press(
        "Ask for this job"
    )
    assert visitor.page.title().startswith("Error: ")
    visitor.write("Image size", "32").write("Search steps", "1").choose("Spots", within="What to measure")
    visitor.press("Ask for this job")
    assert "Two reviewers look at it" in visitor.text


def approve(visitors: Visitors, world: World) -> None:
    """Two reviewers, each from their inbox; then it runs."""
    for who in ("job_reviewer", "other_job_reviewer"):
        reviewer = visitors(user=world.people[who]).go("/inbox/").picture("inbox")
        reviewer.press(f"A training job waits for your decision: {JOB}").picture("job-decide")
        reviewer.choose("Yes, I approve this specification").press("Record my decision")
        assert "Your decision is on record" in reviewer.text
    job = TrainingJob.objects.get(title=JOB)
    watcher = visitors(user=world.people["researcher"]).go(f"/jobs/{job.pk}/")
    run_out(job)
    watcher.go(f"/jobs/{job.pk}/").picture("job")
    assert "held" in watcher.text.lower()


def release(visitors: Visitors, world: World) -> None:
    """Both let the metrics go; one holds the rest back."""
    job = TrainingJob.objects.get(title=JOB)
    for who in ("job_reviewer", "other_job_reviewer"):
        reviewer = visitors(user=world.people[who]).go("/inbox/").press(f"Outputs wait for your review: {JOB}")
        reviewer.press("metrics.json").picture("output-review")
        reviewer.choose("Yes, release it to the researcher").press("Record my decision")
    drain()
    for output in chain(job.outputs.filter(state="held")):
        reviewer.go(f"/outputs/{output.pk}/").picture(f"output-{output.kind}")
        hold = reviewer.page.get_by_role("button", name="Withhold it").count()
        if not hold:
            reviewer.choose("No, withhold it")
        reviewer.write("Reason", "Nobody asked for it.").press("Withhold it" if hold else "Record my decision")
    assert not job.outputs.filter(state="held").exists()


def read(visitor: Visitor) -> None:
    """The released numbers, on the page and as a file."""
    job = TrainingJob.objects.get(title=JOB)
    visitor.go("/jobs/").picture("jobs").press(JOB).press("metrics.json").picture("result")
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name="Download").click()
    assert '"auc"' in download.value.path().read_text()
    held = job.outputs.get(kind="model")
    visitor.go(f"/outputs/{held.pk}/").go(f"/outputs/{held.pk}/download/", status=404).go("/home/")
    visitor.picture("home-researcher")
