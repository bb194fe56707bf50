"""The editor's side of what services refer to."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.views.pages.choose_parent import ChooseParentView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.snippets.views.snippets import (
    DeleteView,
    EditView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from core.choosers import NoChooser
from core.models import BaseAmount, CalendarDay
from service_pages.forms import BaseAmountForm, DiscountForm, LifeEventForm, OfficeForm
from service_pages.models import Discount, LifeEvent, Office, Service, ServicePage, Topic
from service_pages.permissions import may_keep, offices_for


class ServiceViewSet(SnippetViewSet):
    """Services as the registry knows them."""

    model = Service
    icon = "tag"
    list_display = ("key", "registry_number", "agency", "phase", "status")
    list_filter = ("phase", "status", "agency")
    panels: ClassVar = [
        FieldPanel("key"),
        FieldPanel("registry_number"),
        FieldPanel("agency"),
        FieldRowPanel([FieldPanel("external_id"), FieldPanel("external_url")]),
        FieldRowPanel([FieldPanel("status"), FieldPanel("phase")]),
        FieldRowPanel([FieldPanel("planned_on"), FieldPanel("launched_on")]),
    ]


class _KeptOffice:
    """A view of one office, for those who keep it: Wagtail asks only about offices at large."""

    permission_required: str
    request: HttpRequest

    def get_object(self, queryset: Any = None) -> Any:
        """The office. Raises PermissionDenied for whoever does not keep it."""
        office = super().get_object(queryset)
        if not may_keep(self.request.user, office, self.permission_required):
            raise PermissionDenied
        return office


class OfficeEditView(_KeptOffice, EditView):
    """Changing an office."""


class OfficeDeleteView(_KeptOffice, DeleteView):
    """Deleting an office."""


class OfficeViewSet(SnippetViewSet):
    """Offices: a district's editor keeps those of the district and cannot touch a passport."""

    model = Office
    chooser_viewset_class = NoChooser
    icon = "home"
    list_display = ("__str__", "agency", "district")
    list_filter = ("district", "agency")
    edit_view_class = OfficeEditView
    delete_view_class = OfficeDeleteView
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("agency"), FieldPanel("district")]),
            FieldPanel("name"),
            MultiFieldPanel(
                [
                    FieldPanel("address"),
                    FieldPanel("landmark"),
                    FieldPanel("transport"),
                    FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
                    FieldPanel("step_free"),
                ],
                heading=_("How to get there"),
            ),
            MultiFieldPanel(
                [FieldPanel("hours"), FieldPanel("reception"), FieldPanel("phones")],
                heading=_("Hours and phones"),
            ),
            FieldPanel("services_accepted"),
        ],
        base_form_class=OfficeForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Office]:
        """Only offices of the reader's district and agencies."""
        return offices_for(request.user)


class TopicViewSet(SnippetViewSet):
    """Topics."""

    model = Topic
    icon = "folder"
    list_display = ("__str__", "key", "order")


class LifeEventViewSet(SnippetViewSet):
    """Life and business events."""

    model = LifeEvent
    icon = "date"
    list_display = ("__str__", "key", "kind", "order")
    list_filter = ("kind",)
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("key"), FieldPanel("order")]),
            FieldPanel("kind"),
            FieldPanel("audience"),
        ],
        base_form_class=LifeEventForm,
    )


class DiscountViewSet(SnippetViewSet):
    """Discounts."""

    model = Discount
    icon = "minus"
    list_display = ("code", "percent")
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("code"), FieldPanel("percent")]),
            FieldPanel("applies_to"),
            FieldPanel("channels"),
            FieldPanel("groups"),
            FieldPanel("exclusions"),
        ],
        base_form_class=DiscountForm,
    )


class BaseAmountViewSet(SnippetViewSet):
    """Base amounts: a new dated row changes every price at once."""

    model = BaseAmount
    chooser_viewset_class = NoChooser
    icon = "plus"
    list_display = ("__str__", "effective_from")
    edit_handler = ObjectList(
        [FieldPanel("effective_from"), FieldPanel("amount"), FieldPanel("act")],
        base_form_class=BaseAmountForm,
    )


class CalendarDayViewSet(SnippetViewSet):
    """Days that decrees moved."""

    model = CalendarDay
    chooser_viewset_class = NoChooser
    icon = "date"
    list_display = ("date", "is_working", "note")


class CatalogueGroup(SnippetViewSetGroup):
    """One menu for services and what they refer to."""

    menu_label = _("Services")
    menu_icon = "tag"
    menu_order = 200
    items = (
        ServiceViewSet, OfficeViewSet, TopicViewSet, LifeEventViewSet, DiscountViewSet,
        BaseAmountViewSet, CalendarDayViewSet,
    )  # fmt: skip


class PassportParentView(ChooseParentView):
    """Under which agency a new passport goes: asked only of those who may add one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Raises PermissionDenied for everybody else."""
        if not self.permission_policy.user_has_permission(request.user, "add"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class PassportListing(PageListingViewSet):
    """All passports with how complete they are and when they must be checked again."""

    model = ServicePage
    choose_parent_view_class = PassportParentView
    icon = "list-ul"
    menu_label = _("Passports")
    menu_order = 210
    add_to_admin_menu = True
    list_display: Any = ("title", "service", "locale", "completeness", "review_due", "live")
    list_filter: Any = ("locale", "live", "fee_status")


passport_listing = PassportListing("passports")
