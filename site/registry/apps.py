from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = "Registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the published registry in step with the services."""
        from django.db.models.signals import post_save

        from accounts.models import Agency
        from operations import schedule, wording
        from registry import alerts, deciding, posts, proposing, publishing
        from registry.monitoring import warming
        from registry.reports import reminding
        from service_pages import gate

        wording.register(alerts.SOON, alerts.LATE, reminding.DUE, reminding.LATE)
        gate.register("registry", deciding.gate_problems)
        gate.register_row("registry", deciding.row_problems)
        deciding.decided.connect(proposing.on_decided, dispatch_uid="registry.proposals")
        post_save.connect(
            posts.on_agency_saved, sender=Agency, dispatch_uid="registry.post_changes_hands"
        )
        schedule.register("plan alerts", alerts.tell, every_minutes=360)
        schedule.register("report reminders", reminding.remind, every_minutes=360)
        schedule.register("figures", warming.scheduled, every_minutes=30)
        schedule.register("registry version", publishing.publish, every_minutes=60)
