from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = "Payments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Plan what comes with time."""
        from operations import schedule
        from payments import asking, checks, providers, reconciling, services  # noqa: F401
        from payments.providers.click import Click
        from payments.providers.payme import Payme

        providers.register(Payme())
        providers.register(Click())
        schedule.register("unpaid invoices", services.expire_due, every_minutes=15)
        schedule.register("silent payments", asking.ask_about_silent, every_minutes=5)
        schedule.register("reconciliation", reconciling.reconcile, every_minutes=24 * 60)
