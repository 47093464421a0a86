"""The shapes in which the API takes and gives donations, requests and grants."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from consent.rules.use import SENSITIVE
from registry.models import AccessRequest, Donation, Grant, Upload
from registry.queries import donation_facts, refusal_of
from registry.rules.purpose import AREAS, ORGANISATIONS


class DonationStartSerializer(serializers.Serializer[Any]):
    """What a program sends to begin a donation."""

    programme = serializers.SlugField(help_text="The programme's short name, as in its address.")


class DonationSerializer(serializers.ModelSerializer[Donation]):
    """One donation of the token's owner. `question` is a code while the owner is asked something on the page."""

    programme = serializers.CharField(source="programme.slug")
    files = serializers.SerializerMethodField(help_text="How many files are in which state.")

    class Meta:
        model = Donation
        fields = ("id", "programme", "state", "question", "files", "created_at", "submitted_at", "settled_at")

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_files(self, donation: Donation) -> dict[str, int]:
        """Files by state."""
        return donation_facts(donation).states


class FileAnswerSerializer(serializers.Serializer[Any]):
    """The answer to one file: `received`, `held`, `duplicate`, `skipped` or `refused`, and why in a sentence."""

    outcome = serializers.CharField()
    sentence = serializers.CharField()
    file = serializers.UUIDField(source="file.pk", default=None, allow_null=True)


class UploadAnswerSerializer(serializers.Serializer[Any]):
    """The answers to one upload, and the donation's state after it."""

    state = serializers.CharField()
    answers = FileAnswerSerializer(many=True)


class PromisedSerializer(serializers.Serializer[Any]):
    """One file that will be sent: numbers and a digest, no name and no path."""

    index = serializers.IntegerField(help_text="The sender's own number for it.")
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField(help_text="Of the whole file, in hexadecimal digits.")
    series = serializers.IntegerField(required=False, help_text="The sender's own number of its series.")
    coded = serializers.BooleanField(
        required=False, help_text="The donor's own browser has de-identified it with the engine and the donor's key."
    )
    study = serializers.CharField(
        required=False,
        help_text="Of a coded file: SHA-256 of the Study Instance UID that it had before, in hexadecimal digits.",
    )


class ManifestSerializer(serializers.Serializer[Any]):
    """What will be sent; at most 10,000 files at a time."""

    files = PromisedSerializer(many=True)


class StandingSerializer(serializers.Serializer[Any]):
    """`missing`, `present` or `refused`; where bytes are missing, the upload's address and how many bytes are there."""

    index = serializers.IntegerField()
    standing = serializers.CharField()
    offset = serializers.IntegerField(required=False)
    upload = serializers.CharField(required=False)


class ManifestAnswerSerializer(serializers.Serializer[Any]):
    """How each file of the manifest stands, in its order."""

    files = StandingSerializer(many=True)


class UploadSerializer(serializers.ModelSerializer[Upload]):
    """One upload: `state` is open, taken, refused or ended; `outcome` as of a file that came whole."""

    upload = serializers.CharField(read_only=True, required=False, help_text="Its address.")

    class Meta:
        model = Upload
        fields = ("id", "state", "sha256", "size", "series", "coded", "offset", "outcome", "expires_at", "upload")


class SentFileSerializer(serializers.Serializer[Any]):
    """One file of a receipt."""

    sha256 = serializers.CharField()
    size = serializers.IntegerField()


class DonationReceiptSerializer(serializers.Serializer[Any]):
    """What a donor keeps of a donation: `root` is the head of a tree (RFC 6962) over `files` as canonical JSON.

    `files` is null once some were taken out again. Files as they were sent are destroyed by `raw_destroyed_by` at the
    latest, or were at `raw_destroyed_at`.
    """

    format = serializers.CharField()
    donation = serializers.UUIDField()
    submitted_at = serializers.DateTimeField()
    root = serializers.CharField()  # type: ignore[assignment]  # DRF takes it off the class before its own is asked for
    files = SentFileSerializer(many=True, allow_null=True)
    raw_destroyed_by = serializers.DateTimeField(allow_null=True)
    raw_destroyed_at = serializers.DateTimeField(allow_null=True)


class PurposeSerializer(serializers.Serializer[Any]):
    """A purpose, as the page asks for it."""

    org = serializers.ChoiceField(choices=list(ORGANISATIONS))
    area = serializers.ChoiceField(choices=list(AREAS))
    diseases = serializers.ListField(child=serializers.CharField(), required=False, help_text="MONDO identifiers.")
    commercial = serializers.BooleanField()
    train_model = serializers.BooleanField()
    share_weights = serializers.BooleanField()
    sensitive = serializers.ListField(
        child=serializers.ChoiceField(choices=list(SENSITIVE)),
        help_text="Which of these matters it is about; an empty list for none.",
    )
    countries = serializers.ListField(child=serializers.CharField(max_length=3), help_text="ISO 3166 codes.")


class AccessRequestDraftSerializer(serializers.Serializer[Any]):
    """What a program sends to ask for access; everything is checked by the same action that the page calls."""

    version = serializers.UUIDField(help_text="A frozen dataset version.")
    title = serializers.CharField(max_length=160)
    aim = serializers.CharField(max_length=5_000, help_text="In words that a donor understands.")
    institution = serializers.CharField(max_length=160)
    purpose = PurposeSerializer()


class AccessRequestSerializer(serializers.ModelSerializer[AccessRequest]):
    """One request of the token's owner; `grant` is there once it is approved."""

    version = serializers.UUIDField(source="version_id")
    use = serializers.DictField(help_text="The purpose as consents are asked about it.")
    grant = serializers.UUIDField(source="grant.pk", default=None, allow_null=True)

    class Meta:
        model = AccessRequest
        fields = (
            "id",
            "version",
            "title",
            "aim",
            "institution",
            "use",
            "state",
            "grant",
            "created_at",
            "submitted_at",
            "decided_at",
        )


class GrantSerializer(serializers.ModelSerializer[Grant]):
    """One grant of the token's owner. `refusal`: the code of why it cannot be used now; empty where it can."""

    request = serializers.UUIDField(source="request_id")
    title = serializers.CharField(source="request.title")
    version = serializers.UUIDField(source="version_id")
    dataset = serializers.CharField(source="version.dataset.slug")
    version_number = serializers.CharField(source="version.number")
    version_state = serializers.CharField(source="version.state")
    use = serializers.DictField()
    refusal = serializers.SerializerMethodField()

    class Meta:
        model = Grant
        fields = (
            "id",
            "request",
            "title",
            "version",
            "dataset",
            "version_number",
            "version_state",
            "use",
            "state",
            "refusal",
            "signed_at",
            "expires_at",
        )

    def get_refusal(self, grant: Grant) -> str:
        """For the grant's own holder, who alone reads it here."""
        refusal = refusal_of(self.context["request"].user, grant)
        return refusal.code if refusal else ""
