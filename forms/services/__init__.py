"""The verbs of the room, each in one transaction."""

from forms.engine.paging import asked_pages, following
from forms.services.drafts import (
    NotEntitled,
    Saved,
    StaleDraft,
    change_version,
    check_mandate,
    delete_draft,
    delete_expired,
    is_outdated,
    prefilled,
    repeat,
    save_file,
    save_step,
    seen,
    start_draft,
    with_newest_words,
)
from forms.services.publishing import compile_form, on_page_changed, publish_schema
from forms.services.sending import Incomplete, Unavailable, Unsigned, submit

__all__ = [
    "Incomplete", "NotEntitled", "Saved", "StaleDraft", "Unavailable", "Unsigned", "asked_pages",
    "change_version", "check_mandate", "compile_form", "delete_draft", "delete_expired", "following",
    "is_outdated", "on_page_changed", "prefilled", "publish_schema", "repeat", "save_file",
    "save_step", "seen", "start_draft", "submit", "with_newest_words",
]  # fmt: skip
