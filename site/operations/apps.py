from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "operations"
    verbose_name = "Operations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Plan the house's own recurring work."""
        from operations import counting, journal, outbox, schedule, serving, throttle

        schedule.register("outbox", outbox.deliver_due, every_minutes=1)
        schedule.register("old messages", outbox.forget_old, every_minutes=24 * 60)
        schedule.register("journal anchor", journal.anchor, every_minutes=60)
        schedule.register("tallies", throttle.forget_old, every_minutes=60)
        schedule.register("views", counting.flush, every_minutes=1)
        schedule.register("served answers", serving.flush, every_minutes=1)
        schedule.register("heartbeat", serving.beat, every_minutes=1)
