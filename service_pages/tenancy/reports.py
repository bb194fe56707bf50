"""Reports whose filters would name people of every agency, and one that names pages of all."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.reports import audit_logging, locked_pages, page_types_usage, workflows
from wagtail.models import WorkflowState

from accounts.models import User
from service_pages.tenancy.visibility import editable_pages, people_among


def who_asked(request: HttpRequest) -> QuerySet[User]:
    """Who sent pages that the reader works on for approval."""
    numbers = map(str, editable_pages(request.user).values_list("pk", flat=True))
    states = WorkflowState.objects.filter(object_id__in=list(numbers))
    return User.objects.filter(pk__in=states.values("requested_by")).order_by("login")


def who_locked(request: HttpRequest) -> QuerySet[User]:
    """Who locked pages that the reader works on."""
    return people_among(editable_pages(request.user).filter(locked=True), "locked_by")


class WorkflowFilters(workflows.WorkflowReportFilterSet):
    """Filters of running workflows."""

    requested_by = django_filters.ModelChoiceFilter(field_name="requested_by", queryset=who_asked)

    class Meta(workflows.WorkflowReportFilterSet.Meta):
        pass


class LockedFilters(locked_pages.LockedPagesReportFilterSet):
    """Filters of locked pages."""

    locked_by = django_filters.ModelChoiceFilter(field_name="locked_by", queryset=who_locked)

    class Meta(locked_pages.LockedPagesReportFilterSet.Meta):
        pass


class WorkflowReport(workflows.WorkflowView):
    """Running workflows."""

    filterset_class = WorkflowFilters


class LockedReport(locked_pages.LockedPagesView):
    """Locked pages."""

    filterset_class = LockedFilters


class PageTypesReport(page_types_usage.PageTypesUsageReportView):
    """How many pages of each type there are, and the last that was edited: all agencies' pages."""

    def user_has_any_permission(self, *args: Any) -> bool:
        """For administrators."""
        return bool(self.request.user.is_superuser)


class SiteHistory(audit_logging.LogEntriesView):
    """Everything that was done to anything: names of people and titles of all agencies.

    Each page has a history of its own for those who work on it.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For administrators. Raises PermissionDenied."""
        if not request.user.is_superuser:
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer


@hooks.register("construct_reports_menu")
def only_what_opens(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Reports of administrators are not offered to others."""
    if not request.user.is_superuser:
        closed = {"site-history", "page-types-usage"}
        menu_items[:] = [item for item in menu_items if item.name not in closed]
