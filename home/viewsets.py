"""The editor's side of the site's furniture."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from core.choosers import KeepersChooser, NoChooser
from home.models import MenuItem, Notice, Phone, UsefulLink


class MenuItemViewSet(SnippetViewSet):
    """The main menu and the footer."""

    model = MenuItem
    chooser_viewset_class = KeepersChooser
    icon = "list-ul"
    list_display = ("__str__", "place", "parent", "order")
    list_filter = ("place",)
    panels = (
        FieldPanel("title"),
        FieldPanel("address"),
        FieldRowPanel([FieldPanel("place"), FieldPanel("parent"), FieldPanel("order")]),
    )


class PhoneViewSet(SnippetViewSet):
    """Telephone numbers for everybody."""

    model = Phone
    chooser_viewset_class = NoChooser
    icon = "mobile-alt"
    list_display = ("__str__", "kind", "in_footer", "order")
    list_filter = ("kind",)
    panels = (
        FieldPanel("name"),
        FieldPanel("number"),
        FieldPanel("hours"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("in_footer"), FieldPanel("order")]),
    )


class UsefulLinkViewSet(SnippetViewSet):
    """Links to other sites."""

    model = UsefulLink
    chooser_viewset_class = NoChooser
    icon = "link"
    list_display = ("__str__", "url", "order")
    panels = (FieldPanel("title"), FieldPanel("url"), FieldPanel("order"))


class NoticeViewSet(SnippetViewSet):
    """Notices over the site or a section."""

    model = Notice
    chooser_viewset_class = NoChooser
    icon = "warning"
    list_display = ("__str__", "level", "section", "starts_at", "ends_at")
    list_filter = ("level",)
    panels = (
        FieldRowPanel([FieldPanel("level"), FieldPanel("order")]),
        FieldPanel("title"),
        FieldPanel("text"),
        FieldPanel("section"),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
    )


class FurnitureGroup(SnippetViewSetGroup):
    """One menu in the admin for what stands on every page."""

    menu_label = _("Site")
    menu_icon = "site"
    menu_order = 300
    items = (MenuItemViewSet, NoticeViewSet, PhoneViewSet, UsefulLinkViewSet)
