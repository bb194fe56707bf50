"""The editor's side: forms by their keys, and their versions to read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet, SnippetViewSetGroup

from core.choosers import NoChooser
from forms.models import FormDefinition, FormVersion, QuestionSet, ReceptionSlot, Submission
from forms.readers import is_controller


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Whoever may see the model may see it, and nobody may change it here."""

    refused: ClassVar = frozenset({"add", "change", "delete", "publish"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Never to change."""
        return action not in self.refused and super().user_has_permission(user, "view")

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """To see, where the menu and the list ask for anything at all."""
        return super().user_has_permission(user, "view")

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """As for the model."""
        return self.user_has_permission(user, action)


class HoldPolicy(ModelPermissionPolicy):
    """Controllers of the whole portal say what must be kept; nobody adds or deletes here."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """To see and to change."""
        return action in {"view", "change"} and is_controller(user)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """To see or to change."""
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """As for the model."""
        return self.user_has_permission(user, action)


class FormIndexView(IndexView):
    """The list of forms, with the way to import one."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Beside Wagtail's own."""
        return [
            *super().header_more_buttons,
            Button(_("Import a form"), reverse("forms_import"), icon_name="upload", priority=80),
        ]


class FormDefinitionViewSet(SnippetViewSet):
    """Forms: what a form page is chosen for."""

    model = FormDefinition
    icon = "form"
    list_display = ("key", "service", "active")
    list_filter = ("active",)
    index_view_class = FormIndexView
    panels: ClassVar = (
        FieldPanel("key"),
        FieldPanel("service"),
        FieldPanel("active"),
        MultiFieldPanel(
            [FieldPanel("retention_days"), FieldPanel("retention_action")],
            heading=_("How long answers are kept"),
        ),
    )


class FormVersionViewSet(SnippetViewSet):
    """Versions: what was published when, and by whom. They never change."""

    model = FormVersion
    chooser_viewset_class = NoChooser
    icon = "history"
    list_display = ("__str__", "published_at", "published_by", "note")
    list_filter = ("definition",)
    inspect_view_enabled = True
    inspect_view_fields: ClassVar = [
        "definition", "number", "published_at", "published_by", "note", "changes", "content_hash",
        "structure_hash", "content",
    ]  # fmt: skip
    copy_view_enabled = False


class QuestionSetViewSet(SnippetViewSet):
    """Sets of questions that several forms share."""

    model = QuestionSet
    icon = "list-ul"
    list_display = ("title", "locale")


class ReceptionSlotViewSet(SnippetViewSet):
    """Days on which agencies receive citizens."""

    model = ReceptionSlot
    chooser_viewset_class = NoChooser
    icon = "calendar"
    list_display = ("agency", "weekday", "begins", "ends", "places")
    list_filter = ("agency", "weekday")
    panels: ClassVar = (
        FieldPanel("agency"),
        FieldPanel("weekday"),
        FieldRowPanel([FieldPanel("begins"), FieldPanel("ends"), FieldPanel("places")]),
    )


class LegalHoldViewSet(SnippetViewSet):
    """What a court or an inspection needs is kept although its time is over.

    Numbers and days alone: answers are read elsewhere, by those entitled.
    """

    model = Submission
    chooser_viewset_class = NoChooser
    icon = "lock"
    menu_label = _("Legal hold")
    menu_name = "legal-hold"
    list_display = ("__str__", "receipt_number", "version", "submitted_at", "legal_hold")
    search_fields = ("receipt_number", "legal_hold")
    ordering = ("-legal_hold", "-submitted_at")
    copy_view_enabled = False
    panels: ClassVar = (
        FieldPanel("receipt_number", read_only=True),
        FieldPanel("submitted_at", read_only=True),
        FieldPanel(
            "legal_hold",
            help_text=_(
                "Why it must be kept: number and day of the order. Empty: nothing holds it."
            ),
        ),
    )


class FormGroup(SnippetViewSetGroup):
    """One menu for both."""

    menu_label = _("Forms")
    menu_icon = "form"
    menu_order = 210
    items = (
        FormDefinitionViewSet,
        FormVersionViewSet,
        QuestionSetViewSet,
        ReceptionSlotViewSet,
        LegalHoldViewSet,
    )
