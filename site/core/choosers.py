"""Choosers of the admin. Wagtail opens them to everybody who may enter it, whatever they list."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_permission_codename
from django.contrib.auth.decorators import permission_required
from wagtail.snippets.views.chooser import SnippetChooserViewSet


class NoChooser(SnippetChooserViewSet):
    """No addresses: for what nothing in the admin chooses."""

    def get_urlpatterns(self) -> list[Any]:
        """None."""
        return []


class KeepersChooser(SnippetChooserViewSet):
    """Addresses for those alone who may change what is chosen from."""

    def get_urlpatterns(self) -> list[Any]:
        """Wagtail's, each behind the permission."""
        patterns = super().get_urlpatterns()
        needed = get_permission_codename("change", self.model._meta)
        permission = f"{self.model._meta.app_label}.{needed}"
        for pattern in patterns:
            pattern.callback = permission_required(permission, raise_exception=True)(
                pattern.callback
            )
        return patterns
