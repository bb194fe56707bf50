"""The editor's side of search."""

from wagtail.snippets.views.snippets import SnippetViewSet

from search.models import Synonyms


class SynonymsViewSet(SnippetViewSet):
    """Groups of synonyms."""

    model = Synonyms
    icon = "order"
    menu_order = 350
    add_to_admin_menu = True
    list_display = ("__str__", "note", "is_used")
    list_filter = ("is_used", "note")
    search_fields = ("words",)
