"""The editor's side: forms by their keys, and their versions to read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from forms.models import FormDefinition, FormVersion


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


class FormDefinitionViewSet(SnippetViewSet):
    """Forms: what a form page is chosen for."""

    model = FormDefinition
    icon = "form"
    list_display = ("key", "service", "active")
    list_filter = ("active",)
    search_fields = ("key",)
    panels: ClassVar = (FieldPanel("key"), FieldPanel("service"), FieldPanel("active"))


class FormVersionViewSet(SnippetViewSet):
    """Versions: what was published when, and by whom. They never change."""

    model = FormVersion
    icon = "history"
    list_display = ("__str__", "published_at", "published_by", "note")
    list_filter = ("definition",)
    inspect_view_enabled = True
    inspect_view_fields: ClassVar = [
        "definition", "number", "published_at", "published_by", "note", "content_hash",
        "structure_hash", "content",
    ]  # fmt: skip
    copy_view_enabled = False


class FormGroup(SnippetViewSetGroup):
    """One menu for both."""

    menu_label = _("Forms")
    menu_icon = "form"
    menu_order = 210
    items = (FormDefinitionViewSet, FormVersionViewSet)
