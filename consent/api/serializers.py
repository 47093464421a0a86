"""Consents as the API writes them."""

from typing import Any, ClassVar

from rest_framework import serializers

from consent.models import Donor
from consent.queries import consent_sentences


class ConsentSerializer(serializers.ModelSerializer[Donor]):
    """One of the owner's own consents, in the words that they read on their page."""

    programme = serializers.CharField(source="programme.slug")
    state = serializers.CharField(source="consent.state")
    since = serializers.DateTimeField(source="consent.since")
    can = serializers.SerializerMethodField(help_text="What the gift can be used for.")
    cannot = serializers.SerializerMethodField(help_text="What it cannot be used for.")

    class Meta:
        model = Donor
        fields: ClassVar[list[str]] = ["id", "programme", "state", "since", "can", "cannot"]

    def get_can(self, donor: Donor) -> list[str]:
        return consent_sentences(donor.pk)[0]

    def get_cannot(self, donor: Donor) -> list[str]:
        return consent_sentences(donor.pk)[1]


class FhirConsentSerializer(serializers.Serializer[Any]):
    """A FHIR R4 Consent; its whole shape is the standard's."""

    resourceType = serializers.CharField()
    id = serializers.CharField()
    status = serializers.CharField()
    provision = serializers.JSONField()
