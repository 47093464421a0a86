"""Users, programmes, who holds which role in which, and API tokens."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from core.accounts.checks import IdentityCheck
from core.accounts.roles import Role
from core.ids import new_id
from core.rows import Row, privacy


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user with a password, or with none that works."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


@privacy(identifying="email display_name password", personal="last_login joined_at", plain="is_active language")
class User(AbstractBaseUser):
    """Someone who signs in. Says nothing about donating: see consent's Donor and Person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=12, blank=True)  # in which they last signed in, and are written to
    joined_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    @property
    def actor_id(self) -> str:
        """How the audit trail names this user."""
        return f"user:{self.pk}"

    def __str__(self) -> str:
        return self.display_name or "someone"


@privacy(
    plain="slug name contact_name contact_email contact_phone contact_hours is_open created_at output_reviewers "
    "renewal_days minimum_check leavers_per_version version_wait_days identity_kept_days raw_days_after_acceptance "
    "raw_days_after_upload"
)
class Programme(Row):
    """A donation programme: forms, donations, datasets, key domains and staff roles belong to one."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    #: When somebody answers the telephone, in words.
    contact_hours = models.CharField(max_length=120, blank=True)
    is_open = models.BooleanField(default=True)
    #: How many reviewers must agree before a job's output leaves.
    output_reviewers = models.PositiveSmallIntegerField(default=2)
    #: A new version waits until so many donors at least are missing from it, so that nobody is found by comparing two…
    leavers_per_version = models.PositiveSmallIntegerField(default=1)
    #: … but for so many days at most.
    version_wait_days = models.PositiveSmallIntegerField(default=30)
    #: For so long a person who was erased is kept, locked away, as evidence of who signed; then the key is destroyed.
    identity_kept_days = models.PositiveSmallIntegerField(default=365)
    #: Files as donors sent them are destroyed so many days after they were accepted…
    raw_days_after_acceptance = models.PositiveSmallIntegerField(default=14)
    #: … or after they came, whichever is first.
    raw_days_after_upload = models.PositiveSmallIntegerField(default=90)
    #: How many days, at least, donors have to sign again after a form has changed in what it means.
    renewal_days = models.PositiveSmallIntegerField(default=60)
    #: How a donor's identity must have been checked before anything is done with what they gave.
    minimum_check = models.CharField(
        max_length=20, choices=[(c.value, c.value) for c in IdentityCheck], default=IdentityCheck.SELF_DECLARED.value
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minimum_check__in=[c.value for c in IdentityCheck]), name="programme_check_known"
            ),
            # What donors are told; a programme may only shorten it.
            models.CheckConstraint(
                condition=models.Q(raw_days_after_acceptance__lte=14, raw_days_after_upload__range=(1, 90)),
                name="programme_raw_days",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@privacy(plain="user programme role granted_by since until")
class Membership(Row):
    """A role that a user holds in a programme, from `since` until `until`. Ended, never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])
    granted_by = models.CharField(max_length=80)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "programme", "role"], condition=models.Q(until=None), name="membership_once"
            ),
            models.CheckConstraint(condition=models.Q(role__in=[r.value for r in Role]), name="membership_role_known"),
        ]


@privacy(plain="user name scopes bound_to digest created_at expires_at revoked_at last_used_at")
class ApiToken(Row):
    """A program's key to act for a user: only its SHA-256 is kept, it expires, and it carries named scopes.

    `bound_to` is the id of the one thing that it is good for, where it is good for one only.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    scopes = models.JSONField(default=list)
    bound_to = models.UUIDField(null=True, db_index=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
