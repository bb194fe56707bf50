"""Forms and what people fill in: definitions, immutable versions, drafts, submissions, files."""

from forms.models.access import AttachmentAccess
from forms.models.filling import DRAFT_DAYS, Attachment, Draft, Source, Submission
from forms.models.pages import FormPage
from forms.models.reception import ReceptionBooking, ReceptionSlot, Weekday
from forms.models.sets import QuestionSet
from forms.models.signatures import Signature
from forms.models.use import FormEvent
from forms.models.versions import Forgetting, FormDefinition, FormVersion

__all__ = [
    "DRAFT_DAYS", "Attachment", "AttachmentAccess", "Draft", "Forgetting", "FormDefinition",
    "FormEvent", "FormPage", "FormVersion", "QuestionSet", "ReceptionBooking", "ReceptionSlot",
    "Signature", "Source", "Submission", "Weekday",
]  # fmt: skip
