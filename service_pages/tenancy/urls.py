"""Addresses under `admin/` that stand before Wagtail's own, under the same names."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from wagtail.admin.auth import require_admin_access
from wagtail.utils.urlpatterns import decorate_urlpatterns

from service_pages.tenancy import choosers, files, moving, reports

_REPORTS = (
    ("locked/", reports.LockedReport, "locked_pages"),
    ("workflow/", reports.WorkflowReport, "workflow"),
    ("page-types-usage/", reports.PageTypesReport, "page_types_usage"),
    ("site-history/", reports.SiteHistory, "site_history"),
)
_FILES = (
    ("images/", files.ImageIndexView),
    ("documents/", files.DocumentIndexView),
)
_addresses: list[URLPattern | URLResolver] = [
    path("choose-page/", choosers.BrowseView.as_view()),
    path("choose-page/<int:parent_page_id>/", choosers.BrowseView.as_view()),
    path("choose-page/search/", choosers.SearchView.as_view()),
    path("choose-page/chosen-multiple/", choosers.ChosenMultipleView.as_view()),
    path("pages/<int:page_to_move_id>/move/<int:destination_id>/confirm/", moving.confirm),
    path("tag-autocomplete/", choosers.tags),
    path("tag-autocomplete/<slug:app_name>/<slug:model_name>/", choosers.tags),
]
for prefix, report, _name in _REPORTS:
    _addresses += [
        path(f"reports/{prefix}", report.as_view()),
        path(f"reports/{prefix}results/", report.as_view(results_only=True)),
    ]
for prefix, listing in _FILES:
    _addresses += [
        path(prefix, listing.as_view()),
        path(f"{prefix}results/", listing.as_view(results_only=True)),
    ]
urlpatterns = decorate_urlpatterns([path("", include(_addresses))], require_admin_access)
