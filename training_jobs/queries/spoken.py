"""What shipped templates and kept sentences say in English, in the reader's language."""

from typing import Final

from django.utils.translation import gettext_noop

from core.spoken import said_again
from training_jobs.executors import probe, supervise, templates
from training_jobs.rules import limits, output_checks, tables
from training_jobs.rules import templates as described

#: What template.json and the outputs of shipped templates say on pages, so that it is found when texts are gathered.
SAID: Final = frozenset(
    {
        gettext_noop("Image classifier"),
        gettext_noop(
            "Learns to tell two groups of donors apart from their images. It measures brightness, texture and bright "
            "round spots in each image, sums them up for each donor and fits a classifier that gives a probability. It "
            "reports how well that works on donors it never saw."
        ),
        gettext_noop("Image size"),
        gettext_noop("Images larger than this many pixels on their shorter side are made smaller first."),
        gettext_noop("Smallest spot"),
        gettext_noop("The radius, in pixels, of the smallest bright spot to look for."),
        gettext_noop("Largest spot"),
        gettext_noop("The radius, in pixels, of the largest bright spot to look for."),
        gettext_noop("Search steps"),
        gettext_noop("How many strengths of regularisation are tried on the validation donors."),
        gettext_noop("What to measure"),
        gettext_noop("All measures, or spots alone."),
        gettext_noop("All"),
        gettext_noop("Spots"),
        gettext_noop("Seed"),
        gettext_noop("The same seed and the same data give the same result."),
        gettext_noop(
            "Too few donors: training, validation and test each need at least 10 donors with the label and 10 without "
            "it."
        ),
        gettext_noop("No image carries a label, so there was nothing to learn."),
        gettext_noop("Images read"),
        gettext_noop("Validation AUC"),
        gettext_noop("Strength"),
        gettext_noop("Calibration"),
        gettext_noop("Brier score"),
        gettext_noop("Slope"),
        gettext_noop("Intercept"),
        gettext_noop("Donors"),
        gettext_noop("Parameters"),
        gettext_noop("Features"),
        gettext_noop("Train"),
        gettext_noop("Validation"),
        gettext_noop("Test"),
        gettext_noop("Mean"),
        gettext_noop("Scale"),
        gettext_noop("Weights"),
        gettext_noop("Columns"),
    }
)
#: What output files of each kind are called.
KINDS: Final = (gettext_noop("Metrics"), gettext_noop("Model card"), gettext_noop("Table"), gettext_noop("Model"))
#: Sentences that are kept with values in them: each with a name in braces at the place of every value.
FILLED: Final = (
    *(*supervise.REASONS.values(), supervise.BY_ITSELF, *probe.FILLED),
    *(*limits.FILLED, *described.FILLED, templates.NO_TEMPLATE),
    *(*output_checks.FILLED, *tables.FILLED),
)


def kept_said(sentence: str) -> str:
    """A sentence as it was kept or raised, in the reader's language; one that nobody knows stays as it is."""
    return said_again(sentence, FILLED, ours=("title", "unit", "place", "line", "limit"))
