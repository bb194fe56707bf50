"""What applicants see: the start, the pages of a form, sending, files."""

from forms.views.drafts import changes, delete, repeat
from forms.views.files import add_file, download, json_schema
from forms.views.pages import step
from forms.views.sending import check, pdf, sent, sign
from forms.views.start import start

__all__ = [
    "add_file", "changes", "check", "delete", "download", "json_schema", "pdf",
    "repeat", "sent", "sign", "start", "step",
]  # fmt: skip
