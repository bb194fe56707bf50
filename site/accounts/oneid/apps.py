from django.apps import AppConfig


class OneIDConfig(AppConfig):
    """Where allauth's registry finds the provider (`accounts.oneid.provider`)."""

    name = "accounts.oneid"
    label = "oneid"
    verbose_name = "OneID"
