"""Addresses of the public figures."""

from django.urls import path

from registry import quality

app_name = "quality"

urlpatterns = [
    path("", quality.overview, name="agencies"),
    path("indicators/", quality.indicators, name="indicators"),
    path("figures.<slug:ending>", quality.download, name="download"),
]
