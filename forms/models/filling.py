"""What people fill in and send."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.fields import EncryptedJSONField
from forms.models.versions import FormVersion

if TYPE_CHECKING:
    from accounts.models import Organization

DRAFT_DAYS = 30


def _token() -> str:
    return secrets.token_urlsafe(24)


def _expiry() -> datetime:
    return timezone.now() + timedelta(days=DRAFT_DAYS)


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts as their pages need them."""

    def to_go_on_with(self) -> DraftQuerySet:
        """Drafts that live, each read with its form, service and newest version at once.

        The schema of a version is known to the process after its first reader, so it is left unread;
        most people act for themselves: a mandate is read where there is one.
        """
        newest = FormVersion.objects.filter(definition=models.OuterRef("version__definition"))
        return (
            self.living()
            .with_form()
            .annotate(  # type: ignore[no-redef]  # it is the property, read beforehand
                newest_version_id=newest.order_by("-number").values("pk")[:1]
            )
        )

    def living(self) -> DraftQuerySet:
        """Drafts whose time is not over."""
        return self.filter(expires_at__gt=timezone.now())

    def with_form(self) -> DraftQuerySet:
        """Each with its version, form, service and agency."""
        found = self.select_related("version__definition__service__agency")
        return found.defer("version__content")


class Draft(models.Model):
    """A form being filled in. Bound to its owner; its answers never live in the session."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: None for a free-standing form that needs no sign-in: then the browser's session holds it.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE,
        related_name="drafts",
    )  # fmt: skip
    #: On behalf of its organisation; fixed for the draft, and checked again on sending.
    representation = models.ForeignKey(
        "accounts.Representation", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="drafts")
    #: Key of a question → answer.
    answers = EncryptedJSONField()
    #: Key of the step that comes next; `check` after the last.
    step = models.CharField(max_length=60, blank=True)
    #: Grows with each save: a second tab that is behind is told so.
    revision = models.PositiveIntegerField(default=0)
    submit_token = models.CharField(max_length=40, default=_token)
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    expires_at = models.DateTimeField(default=_expiry)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ("-saved_at",)
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submit_token"], name="draft_submit_token")
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "-saved_at"], name="draft_of_user"),
            models.Index(fields=["expires_at"], name="draft_expiry"),
        ]

    def __str__(self) -> str:
        return f"draft {self.uuid}"

    def get_absolute_url(self) -> str:
        """Where to go on, in the reader's language."""
        if self.step == "check":
            return reverse("forms:check", args=[self.uuid])
        return reverse("forms:step", args=[self.uuid, self.step])

    @property
    def organization(self) -> Organization | None:
        """The organisation that is applied for, or None."""
        return self.representation.organization if self.representation else None

    @cached_property
    def newest_version_id(self) -> int | None:
        """Primary key of its form's newest version (`to_go_on_with` reads it with the draft)."""
        return self.version.definition.newest_id

    @property
    def newer_version(self) -> FormVersion | None:
        """The newest version of its form, where the draft is on another."""
        if self.newest_version_id in {None, self.version_id}:
            return None
        return self.version.definition.current


class Source(models.TextChoices):
    """The door through which a request came."""

    PORTAL = "portal", _("portal")
    COUNTER = "counter", _("counter")
    PHONE = "phone", _("phone")
    HOME_VISIT = "home_visit", _("home visit")
    POST = "post", _("letter by post")


class Submission(models.Model):
    """Answers as they were sent. Casework's request has one; a free-standing form needs none."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="submissions")
    #: None where a clerk entered it for somebody without an account, and where none was needed.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT,
        related_name="submissions",
    )  # fmt: skip
    representation = models.ForeignKey(
        "accounts.Representation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: In which the form was filled in.
    language = models.CharField(max_length=10)
    answers = EncryptedJSONField()
    submitted_at = models.DateTimeField(default=timezone.now)
    #: From the draft: sending twice gives the same submission.
    submit_token = models.CharField(max_length=40)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.PORTAL)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: A free-standing form that was sent without signing in.
    anonymous = models.BooleanField(default=False)
    #: What the receiver answered: the request's number, its address, where it stands.
    receipt_number = models.CharField(max_length=40, blank=True)
    receipt_url = models.CharField(max_length=200, blank=True)
    status_url = models.CharField(max_length=200, blank=True)
    #: Why it must be kept although its time is over; empty where nothing holds it.
    legal_hold = models.CharField(_("legal hold"), max_length=200, blank=True)
    #: Since when its personal data is forgotten.
    anonymised_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-submitted_at",)
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submit_token"], name="submission_submit_token"),
            models.CheckConstraint(
                condition=models.Q(source__in=Source.values), name="submission_source_known"
            ),
            models.CheckConstraint(
                condition=models.Q(source="portal", entered_by__isnull=True)
                | (~models.Q(source="portal") & models.Q(entered_by__isnull=False)),
                name="submission_clerk_for_other_doors",
            ),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False)
                | models.Q(entered_by__isnull=False)
                | models.Q(anonymous=True),
                name="submission_has_account_or_clerk",
            ),
        ]

    def __str__(self) -> str:
        return f"submission {self.uuid}"

    @property
    def organization(self) -> Organization | None:
        """The organisation that was applied for, or None."""
        return self.representation.organization if self.representation else None


def _path(attachment: Attachment, filename: str) -> str:
    """A path that says nothing about the person or the file."""
    return str(PurePosixPath("attachments") / attachment.uuid.hex[:2] / attachment.uuid.hex)


def _private_storage() -> Storage:
    return storages["private"]


class Attachment(models.Model):
    """A file of a draft or of a submission, in private storage."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        """What a virus scanner said; a house without one leaves files as uploaded."""

        UPLOADED = "uploaded", _("uploaded")
        CLEAN = "clean", _("scanned, clean")
        INFECTED = "infected", _("scanned, infected")
        ERROR = "error", _("could not be scanned")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.ForeignKey(
        Draft, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments"
    )
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="attachments"
    )
    question_key = models.CharField(max_length=60)
    filename = models.CharField(max_length=200)
    #: As its bytes say.
    content_type = models.CharField(max_length=100)
    #: Bytes.
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=_path, storage=_private_storage, max_length=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.UPLOADED)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(draft__isnull=False, submission__isnull=True)
                | models.Q(draft__isnull=True, submission__isnull=False),
                name="attachment_of_draft_or_submission",
            ),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="attachment_not_empty"),
        ]

    def __str__(self) -> str:
        return f"attachment {self.uuid}"

    def get_absolute_url(self) -> str:
        """The private download."""
        return reverse("attachment", args=[self.uuid])

    @property
    def owner_id(self) -> Any:
        """Primary key of the applicant who attached it."""
        holder = self.draft or self.submission
        return holder.user_id if holder else None
