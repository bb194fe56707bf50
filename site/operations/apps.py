from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "operations"
    verbose_name = "Operations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Plan the house's own recurring work."""
        from operations import counting, outbox, schedule

        schedule.register("outbox", outbox.deliver_due, every_minutes=1)
        schedule.register("views", counting.flush, every_minutes=1)
