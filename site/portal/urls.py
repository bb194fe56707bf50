"""The one map of addresses. A room's addresses are its own; here is only where they hang."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import views as wagtail_views
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.coreutils import WAGTAIL_APPEND_SLASH
from wagtail.documents import urls as wagtaildocs_urls

from accounts.oneid import views as oneid
from portal import serving, views

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.permission_denied"
handler404 = "portal.errors.not_found"
handler500 = "portal.errors.server_error"

_PAGE = r"^((?:[\w\-]+/)*)$" if WAGTAIL_APPEND_SLASH else r"^([\w\-/]*)$"

urlpatterns = [
    path("", views.to_the_readers_language, name="root"),
    path("", include("operations.urls")),
    path("", include("core.urls")),
    path("api/", include("search.api_urls")),
    path("payments/", include("payments.callback_urls")),
    path("files/", include("forms.file_urls")),
    path("documents/", include(wagtaildocs_urls)),
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", include("service_pages.tenancy.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("oneid/callback/", oneid.callback, name="oneid_callback"),
    path("robots.txt", views.robots),
    path("sitemap.xml", views.sitemap_index),
    path("sitemap-<slug:language>.xml", views.sitemap, name="sitemap"),
    path("favicon.ico", views.favicon),
    *i18n_patterns(
        path("accounts/", include("accounts.urls")),
        path("apply/", include("forms.urls")),
        path("my/", include("casework.urls")),
        path("pay/", include("payments.urls")),
        path("sandbox/", include("payments.sandbox.urls")),
        path("quality/", include("registry.quality_urls")),
        path("registry/", include("registry.urls")),
        path("services/", include("service_pages.urls")),
        path("search/", include("search.urls")),
        path("", include("home.urls")),
        # Where Wagtail sends readers of a page that is restricted; underscores are no slug of ours.
        path(
            "_util/login/",
            RedirectView.as_view(pattern_name="account_login", query_string=True),
            name="wagtailcore_login",
        ),
        path(
            "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
            wagtail_views.authenticate_with_password,
            name="wagtailcore_authenticate_with_password",
        ),
        re_path(_PAGE, serving.serve, name="wagtail_serve"),
    ),
]
