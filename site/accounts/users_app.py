"""Wagtail's list of users with our form: accounts here have no user name and one full name."""

from wagtail.users.apps import WagtailUsersAppConfig


class PortalUsersConfig(WagtailUsersAppConfig):
    """Stands in INSTALLED_APPS instead of `wagtail.users`."""

    user_viewset = "accounts.viewsets.AccountViewSet"
