"""Addresses of the public registry."""

from django.urls import path

from registry import views

app_name = "registry"

urlpatterns = [
    path("", views.lines, name="lines"),
    path("registry.<slug:ending>", views.download, name="download"),
    path("agencies/<slug:key>/", views.responsibility_of, name="agency"),
    path("plan/", views.plan, name="plan"),
    path("versions/", views.versions, name="versions"),
    path("versions/<int:number>/", views.version, name="version"),
    path("lines/<slug:number>/", views.line, name="line"),
]
