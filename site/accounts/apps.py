from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and organisations."""

    name = "accounts"
    verbose_name = "People and organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks; keep groups in step with memberships."""
        from django.db.models.signals import post_delete, post_save

        from accounts import (  # noqa: F401
            again,
            checks,
            keeping,
            kept,
            message_kinds,
            notifying,
            papers,
            recovery,
            second_factor,
            services,
            staff,
            upkeep,
        )
        from accounts.models import Membership
        from operations import schedule, wording

        again.connect()
        second_factor.connect()
        wording.register(*message_kinds.ALL)

        def follow(sender: type, instance: Membership, raw: bool = False, **kwargs: object) -> None:
            if raw:
                return
            services.sync_access(instance.user)
            kept = "role.given" if kwargs.get("created") else "role.changed"
            staff.note_change(instance, kept if "created" in kwargs else "role.taken")

        for signal in (post_save, post_delete):
            signal.connect(follow, sender=Membership, weak=False, dispatch_uid="accounts.access")
        kept.register(10, keeping.parts)
        schedule.register("dates of roles", staff.follow_dates, every_minutes=30)
        schedule.register("ended mandates", upkeep.forget_mandates, every_minutes=24 * 60)
        schedule.register("ended sessions", upkeep.forget_sessions, every_minutes=24 * 60)
        schedule.register("papers of ended mandates", papers.forget, every_minutes=24 * 60)
        schedule.register("orphaned papers", papers.delete_orphans, every_minutes=24 * 60)
        schedule.register("old messages", notifying.forget_old, every_minutes=24 * 60)
        schedule.register("lost phones", recovery.follow, every_minutes=15)
        schedule.register("reviews of rights", staff.remind_of_reviews, every_minutes=360)
