"""A series as the registry takes it."""

from curation.models import Derivation, Series
from curation.rules.findings import Finding, labels
from curation.rules.holds import HEAD
from registry.rules.admission import AdmittedImage, AdmittedSeries


def admitted(series: Series) -> AdmittedSeries:
    """The series as the registry takes it: every cleaned image with what its manifest needs."""
    made = Derivation.objects.filter(series=series).select_related("output").order_by("position", "pk")
    return AdmittedSeries(
        donor_id=series.donor_id,
        programme_id=series.programme_id,
        images=[_admitted(series, derivation) for derivation in made],
        labels=labels(Finding(series.finding)),
    )


def _admitted(series: Series, derivation: Derivation) -> AdmittedImage:
    return AdmittedImage(
        file_id=derivation.file_id,
        stored_id=derivation.output_id,
        sha256=derivation.output_sha256,
        size=derivation.output.size or 0,
        study_uid=series.study_uid,
        series_uid=series.series_uid,
        sop_uid=derivation.sop_uid,
        sop_class_uid=derivation.sop_class_uid,
        modality=series.modality,
        body_part=series.body_part,
        rows=derivation.rows,
        columns=derivation.columns,
        frames=derivation.frames,
        undefaced_head=HEAD in series.holds,
    )
