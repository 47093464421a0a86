"""The shapes in which the API takes and gives jobs and outputs."""

from typing import Any

from rest_framework import serializers

from training_jobs.models import JobOutput, TrainingJob
from training_jobs.rules.lifecycle import OutputState


class JobRequestSerializer(serializers.Serializer[Any]):
    """What a program sends to ask for a job; everything is checked by the same action that the page calls."""

    grant = serializers.UUIDField(help_text="A grant of the token's owner.")
    template = serializers.CharField(max_length=40, help_text="The name of a shipped template.")
    title = serializers.CharField(max_length=120)
    parameters = serializers.DictField(required=False, default=dict, help_text="Parameters of the template, by name.")
    limits = serializers.DictField(
        child=serializers.IntegerField(), required=False, default=dict, help_text="Limits by name; the rest by default."
    )


class JobSerializer(serializers.ModelSerializer[TrainingJob]):
    """One job, as its researcher sees it."""

    grant = serializers.UUIDField(source="grant_id")
    version = serializers.UUIDField(source="version_id")
    specification = serializers.DictField()
    metrics = serializers.ListField(child=serializers.DictField())

    class Meta:
        model = TrainingJob
        fields = (
            "id",
            "grant",
            "version",
            "title",
            "state",
            "specification",
            "spec_digest",
            "attempt",
            "image_count",
            "donor_count",
            "data_digest",
            "progress",
            "metrics",
            "reason",
            "created_at",
            "started_at",
            "finished_at",
            "flagged_at",
            "flag_reason",
        )
        read_only_fields = fields


class OutputSerializer(serializers.ModelSerializer[JobOutput]):
    """One output of a job; its digest and size are told once it is released."""

    size = serializers.SerializerMethodField()
    sha256 = serializers.SerializerMethodField()

    class Meta:
        model = JobOutput
        fields = ("id", "name", "kind", "state", "size", "sha256", "flagged_at")
        read_only_fields = fields

    def get_size(self, output: JobOutput) -> int | None:
        """Bytes, or null while it is held or withheld."""
        return output.size if output.state == OutputState.RELEASED else None

    def get_sha256(self, output: JobOutput) -> str | None:
        """SHA-256 in hex, or null while it is held or withheld."""
        return output.sha256 if output.state == OutputState.RELEASED else None
