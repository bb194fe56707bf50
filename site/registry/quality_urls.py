"""Addresses of the public figures."""

from django.urls import path

from registry import public_reports, quality

app_name = "quality"

urlpatterns = [
    path("", quality.overview, name="agencies"),
    path("indicators/", quality.indicators, name="indicators"),
    path("reports/", public_reports.index, name="reports"),
    path("reports/<int:year>/", public_reports.report, name="report"),
    path("reports/<int:year>/report.<slug:ending>", public_reports.download, name="report_file"),
    path("figures.<slug:ending>", quality.download, name="download"),
]
