"""What the database itself refuses: a published version that is changed; what was signed, changed or deleted."""

from typing import Final

from core.append_only import Guard, Step

#: Tables in which rows are only ever put.
GUARDS: Final = (
    Guard(
        "consent_signature",
        (
            "id",
            "donor_id",
            "form_version_id",
            "language",
            "text_sha256",
            "choices",
            "choices_sha256",
            "meaning",
            "name_commitment",
            "signed_at",
        ),
    ),
    Guard(
        "consent_consentevent",
        ("id", "donor_id", "kind", "terms_id", "signature_id", "effective_at", "recorded_at", "recorded_by"),
    ),
    Guard(
        "consent_donorcheck",
        ("id", "donor_id", "identity", "authority", "checked_at", "checked_by"),
        unique=("id", ("donor_id", "identity")),
    ),
    Guard("consent_minimumcheck", ("id", "programme_id", "identity", "since", "decided_by")),
    # A draft may change and go; of a published version only the state moves on, and never back to a draft.
    Guard(
        "consent_formversion",
        (
            "id",
            "form_id",
            "number",
            "language",
            "state",
            "content",
            "text_sha256",
            "created_by",
            "created_at",
            "published_at",
            "change",
            "summary",
            "renew_by",
        ),
        unique=("id", ("form_id", "number", "language")),
        steps=(Step(("state",), "NEW.state <> 'draft'"),),
        free="OLD.state = 'draft'",
        takes="NEW.state = 'published' AND EXISTS (SELECT 1 FROM consent_formversion AS other "
        "WHERE other.form_id = NEW.form_id AND other.state = 'published' AND other.id <> NEW.id)",
    ),
    # Who asked and who saw stays; a request that waits is opened or closed, once.
    Guard(
        "consent_identityopening",
        (
            "id",
            "sealed_id",
            "programme_id",
            "reference",
            "asked_by_id",
            "asked_at",
            "opened_by_id",
            "opened_at",
            "closed_by_id",
            "closed_at",
        ),
        steps=(
            Step(("opened_by_id", "opened_at"), "OLD.opened_at IS NULL AND OLD.closed_at IS NULL"),
            Step(("closed_by_id", "closed_at"), "OLD.opened_at IS NULL AND OLD.closed_at IS NULL"),
        ),
        takes="NEW.opened_at IS NULL AND NEW.closed_at IS NULL AND EXISTS (SELECT 1 FROM consent_identityopening AS "
        "other WHERE other.sealed_id = NEW.sealed_id AND other.opened_at IS NULL AND other.closed_at IS NULL "
        "AND other.id <> NEW.id)",
    ),
    Guard("consent_termsrow", ("id", "digest", "canonical"), unique=("id", "digest")),
)
