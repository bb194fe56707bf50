"""Addresses under `accounts/`: allauth's names as they are, and `profile`."""

from django.urls import include, path

from accounts import again_views, firm_views, mandate_views, own_views, recovery_views, views
from accounts.oneid import views as oneid

urlpatterns = [
    path("", views.overview, name="accounts"),
    path("again/", again_views.show, name="account_again"),
    path("messages/", own_views.notice_phone, name="notice_phone"),
    path("privacy/", own_views.privacy, name="privacy"),
    path("lost/", recovery_views.lost, name="account_lost"),
    path("recovery/refuse/", recovery_views.refuse_own, name="recovery_refuse"),
    path("close/", own_views.close, name="account_close"),
    path("profile/", views.profile, name="profile"),
    path("mandates/", mandate_views.overview, name="mandates"),
    path("mandates/act/", mandate_views.act, name="mandate_act"),
    path("mandates/person/", mandate_views.ask, name="ask_mandate"),
    path("mandates/<int:pk>/papers/", mandate_views.add_papers, name="mandate_papers"),
    path("mandates/papers/<uuid:uuid>/", mandate_views.paper, name="mandate_paper"),
    path("firms/<str:stir>/", mandate_views.firm, name="firm"),
    path("firms/<str:stir>/requisites/", firm_views.requisites, name="firm_requisites"),
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
