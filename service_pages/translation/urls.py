"""Addresses of the translation desk, below `translations/` in the admin."""

from __future__ import annotations

from django.urls import path

from service_pages.translation import views

urlpatterns = [
    path("", views.overview, name="service_pages_translations"),
    path("assign/", views.assign, name="service_pages_translations_assign"),
    path("send/", views.send, name="service_pages_translations_send"),
    path("batch/<int:batch_pk>/", views.batch, name="service_pages_translations_batch"),
    path("lost/", views.lost, name="service_pages_translations_lost"),
    path("export/", views.export, name="service_pages_translations_export"),
    path("import/", views.import_, name="service_pages_translations_import"),
]
