"""The languages room as a Django application."""

from django.apps import AppConfig


class LanguagesConfig(AppConfig):
    """Template filters, commands and checks; the rest of the room needs no Django."""

    name = "languages"
    verbose_name = "Languages"

    def ready(self) -> None:
        """Register the checks."""
        from languages import checks  # noqa: F401
