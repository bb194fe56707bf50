from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = "Payments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Plan what comes with time."""
        from accounts import closing, kept
        from core import waiting as desks
        from operations import schedule, wording
        from payments import (  # noqa: F401
            asking,
            checks,
            fiscal,
            notices,
            providers,
            reconciling,
            refunds,
            services,
            waiting,
        )
        from payments.providers.click import Click
        from payments.providers.offline import BANK, CASH
        from payments.providers.payme import Payme

        desks.register("payments", waiting.piles, order=20)
        wording.register(*notices.KINDS.values())
        closing.register(refunds.hindrances)
        kept.register(35, refunds.kept_parts)
        providers.register(Payme())
        providers.register(Click())
        providers.register(BANK)
        providers.register(CASH)
        schedule.register("unpaid invoices", services.expire_due, every_minutes=15)
        schedule.register("silent payments", asking.ask_about_silent, every_minutes=5)
        schedule.register("refunds under way", refunds.resume, every_minutes=30)
        schedule.register("fiscal items", fiscal.submit_due, every_minutes=15)
        # Each day once; a day whose statement did not come is asked for again each hour.
        schedule.register("reconciliation", reconciling.reconcile, every_minutes=60)
