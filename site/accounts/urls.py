"""Addresses under `accounts/`: allauth's names as they are, and `profile`."""

from django.urls import include, path

from accounts import views

urlpatterns = [
    path("", views.overview, name="accounts"),
    path("profile/", views.profile, name="profile"),
    path("sessions/", include("allauth.usersessions.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("", include("allauth.account.urls")),
]
