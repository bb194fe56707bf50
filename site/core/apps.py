from typing import Any

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell one signal of ours about every way a page goes live or is taken down."""
        from django.db.models.signals import post_delete, post_save
        from wagtail.models import PageViewRestriction
        from wagtail.signals import page_published, page_unpublished, post_page_move

        from core import checks, publishing  # noqa: F401  (registers the checks)

        def changed(sender: Any, instance: Any, **kwargs: Any) -> None:
            publishing.page_changed.send(sender=sender, page=instance, live=instance.live)
            publishing.bump_generation()

        page_published.connect(changed, weak=False, dispatch_uid="core.page_published")
        page_unpublished.connect(changed, weak=False, dispatch_uid="core.page_unpublished")
        post_page_move.connect(
            lambda sender, **kwargs: publishing.bump_generation(),
            weak=False,
            dispatch_uid="core.page_moved",
        )
        # What was kept of a page before it was restricted is shown no longer.
        for signal in (post_save, post_delete):
            signal.connect(
                lambda sender, **kwargs: publishing.bump_generation(),
                sender=PageViewRestriction,
                weak=False,
                dispatch_uid="core.page_restricted",
            )
