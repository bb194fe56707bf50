"""Forms and what people fill in: definitions, immutable versions, drafts, submissions, files."""

from forms.models.filling import DRAFT_DAYS, Attachment, Draft, Source, Submission
from forms.models.pages import FormPage
from forms.models.sets import QuestionSet
from forms.models.versions import FormDefinition, FormVersion

__all__ = [
    "DRAFT_DAYS", "Attachment", "Draft", "FormDefinition", "FormPage", "FormVersion", "QuestionSet",
    "Source", "Submission",
]  # fmt: skip
