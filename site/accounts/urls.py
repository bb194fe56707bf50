"""Addresses under `accounts/`: allauth's names as they are, and `profile`."""

from django.urls import include, path

from accounts import views
from accounts.oneid import views as oneid

urlpatterns = [
    path("", views.overview, name="accounts"),
    path("profile/", views.profile, name="profile"),
    path("oneid/", oneid.start, name="oneid"),
    path("oneid/join/", oneid.join, name="oneid_join"),
    path("sessions/", include("allauth.usersessions.urls")),
    path(
        "2fa/webauthn/keys/<int:pk>/remove/",
        views.RemovePasskey.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("2fa/", include("allauth.mfa.urls")),
    path("", include("allauth.account.urls")),
]
