from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and organisations."""

    name = "accounts"
    verbose_name = "People and organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks; keep groups in step with memberships."""
        from django.db.models.signals import post_delete, post_save

        from accounts import checks, second_factor, services  # noqa: F401
        from accounts.models import Membership

        second_factor.connect()

        def follow(sender: type, instance: Membership, raw: bool = False, **kwargs: object) -> None:
            if not raw:
                services.sync_access(instance.user)

        for signal in (post_save, post_delete):
            signal.connect(follow, sender=Membership, weak=False, dispatch_uid="accounts.access")
