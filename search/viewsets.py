"""The editor's side of search."""

from wagtail.snippets.views.snippets import SnippetViewSet

from search.models import Promotion, Synonyms


class SynonymsViewSet(SnippetViewSet):
    """Groups of synonyms."""

    model = Synonyms
    icon = "order"
    menu_order = 350
    add_to_admin_menu = True
    list_display = ("__str__", "note", "is_used")
    list_filter = ("is_used", "note")
    search_fields = ("words",)


class PromotionViewSet(SnippetViewSet):
    """Results above the others for certain queries."""

    model = Promotion
    icon = "pin"
    menu_order = 351
    add_to_admin_menu = True
    list_display = ("__str__", "language", "service", "address", "starts_on", "ends_on")
    list_filter = ("language",)
    search_fields = ("queries",)
