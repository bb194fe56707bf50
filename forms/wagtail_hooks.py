"""What forms add to Wagtail's admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from forms import admin_views
from forms.models import FormPage, FormVersion, Submission
from forms.viewsets import FormGroup, HoldPolicy, ReadOnlyPolicy

register_permission_policy(FormVersion, ReadOnlyPolicy(FormVersion))
register_permission_policy(Submission, HoldPolicy(Submission))
register_snippet(FormGroup)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """Addresses of the room in the admin."""
    return [
        path("forms/import/", admin_views.import_form, name="forms_import"),
        path("forms/page/<int:page_pk>/try/", admin_views.try_form, name="forms_try"),
        path("forms/page/<int:page_pk>/json/", admin_views.export_form, name="forms_export"),
        path("forms/page/<int:page_pk>/duplicate/", admin_views.duplicate, name="forms_duplicate"),
        path("forms/<int:pk>/use/", admin_views.use, name="forms_use"),
        path("forms/<int:pk>/answers.<str:kind>", admin_views.export_answers,
             name="forms_export_answers"),
    ]  # fmt: skip


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    """Words of the history."""
    actions.register_action("forms.export", _("Export the answers"), _("The answers were exported"))


def _buttons(page: Page) -> Iterator[Button]:
    if page.specific_class is not FormPage:
        return
    for label, name, icon, priority in (
        (_("Try this form"), "forms_try", "view", 21),
        (_("Export as JSON"), "forms_export", "download", 22),
        (_("Duplicate the form"), "forms_duplicate", "copy", 23),
    ):
        yield Button(label, reverse(name, args=[page.pk]), icon_name=icon, priority=priority)
    definition = page.specific.definition_id
    yield Button(
        _("Use of the form"), reverse("forms_use", args=[definition]), icon_name="order",
        priority=24,
    )  # fmt: skip


@hooks.register("register_page_header_buttons")
def header_buttons(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """What an editor does with a form beside writing it."""
    yield from _buttons(page)
