"""The editor's side of search."""

from __future__ import annotations

from typing import Any

from wagtail.snippets.views.snippets import CreateView, SnippetViewSet

from core.choosers import NoChooser
from search.models import Promotion, Synonyms
from search.querylog import LONGEST


class _FromQuery(CreateView):
    """A new row that begins with a query of the report: `?query=…`."""

    #: The field that takes it.
    field: str

    def get_initial_form_instance(self) -> Any:
        """An unsaved row with the query in its field."""
        instance = super().get_initial_form_instance() or self.model()
        setattr(instance, self.field, self.request.GET.get("query", "")[:LONGEST])
        return instance


class SynonymsCreateView(_FromQuery):
    """A new group of synonyms."""

    field = "words"


class PromotionCreateView(_FromQuery):
    """A new promoted result."""

    field = "queries"


class SynonymsViewSet(SnippetViewSet):
    """Groups of synonyms."""

    model = Synonyms
    chooser_viewset_class = NoChooser
    add_view_class = SynonymsCreateView
    icon = "order"
    menu_order = 350
    add_to_admin_menu = True
    list_display = ("__str__", "note", "is_used")
    list_filter = ("is_used", "note")


class PromotionViewSet(SnippetViewSet):
    """Results above the others for certain queries."""

    model = Promotion
    chooser_viewset_class = NoChooser
    add_view_class = PromotionCreateView
    icon = "pick"
    menu_order = 351
    add_to_admin_menu = True
    list_display = ("__str__", "language", "service", "address", "starts_on", "ends_on")
    list_filter = ("language",)
