"""First chapter: a steward publishes a consent form, and donors sign it with differing choices."""

from dataclasses import replace
from uuid import UUID

from consent import actions, queries
from consent.rules.form_content import default_content
from consent.rules.use import Organisation, Use
from core.accounts.models import User
from core.accounts.roles import Role
from portal.story.cast import Member
from portal.story.cohort import CohortDonor, make_cohort
from portal.story.stage import Stage
from registry.rules.split import split_of

#: Training on cancer images at a university: every permission covers it, so only a "no" to training denies it.
TRAINING = Use(
    diseases=("MONDO:0004992",),
    methods_within_disease=True,
    train_model=True,
    share_weights=False,
    commercial=False,
    org=Organisation.NONPROFIT,
)


def tell(stage: Stage) -> None:
    """Publishes version 1 of the form and lets every donor of the cohort sign it."""
    with stage.teller.chapter("Donors consent"):
        steward, programme = stage.cast.one(Role.STEWARD), stage.cast.programme
        draft = actions.draft_form(programme=programme, slug="main", content=default_content(), by=steward)
        version = actions.publish_form(version=draft, by=steward)
        stage.teller.say(f"A steward publishes the consent form, version {version.number}.")
        for person in make_cohort(stage.donors):
            stage.cast.members.append(_join(stage, person))
        donors = queries.active(programme.pk)
        stage.teller.hold(donors.count() == stage.donors, f"{stage.donors} donors have signed, each their own choices")
        declined = queries.denials(TRAINING, donors, programme_id=programme.pk)["NTRAIN"]
        planned = sum(not member.person.choices.training for member in stage.cast.members)
        stage.teller.hold(declined == planned, f"{planned} of them declined the training of computer models")


def choices_of(person: CohortDonor) -> dict[str, bool | None]:
    """The invented person's answers to the form's choices."""
    kind, training = person.choices.permission, person.choices.training
    return {
        "general_research": kind == "general",
        "health_research": kind == "health",
        "cancer_research": kind == "cancer",
        "commercial_use": person.choices.commercial,
        "train_models": training,
        "share_weights": person.choices.weights if training else None,
    }


def _join(stage: Stage, person: CohortDonor) -> Member:
    # One donor can be signed in to by hand afterwards; hashing 300 passwords would be all that the story did.
    address, password = (person.email, None) if person.index else ("donor@demo.example", stage.cast.password)
    user = User.objects.create_user(address, password, display_name="A donor")
    version = queries.published_form(stage.cast.programme.pk)
    assert version is not None  # noqa: S101  (published two lines above, in the chapter)
    actions.sign(
        user=user,
        version=version,
        choices=choices_of(person),
        typed_name=f"{person.given_name} {person.family_name}",
        given_name=person.given_name,
        family_name=person.family_name,
        birth_date=person.birth_date,
        by=user,
    )
    donor = queries.donor_of(user, stage.cast.programme.pk)
    assert donor is not None  # noqa: S101  (has just signed)
    person = replace(person, has_lesion=_is_next_with(stage, donor.pk))
    stage.lesions[donor.pk] = person.has_lesion
    return Member(person, user, donor.pk)


def _is_next_with(stage: Stage, donor_id: UUID) -> bool:
    """Whether this donor has a lesion: every second one of those in the same part of every dataset.

    Which part that is follows from the donor's id. Were it left to chance, a part of a small cohort would often have
    too few of one kind for a job to say anything.
    """
    part = split_of(donor_id)
    so_far = [has_lesion for key, has_lesion in stage.lesions.items() if split_of(key) is part]
    return 2 * sum(so_far) < len(so_far)
