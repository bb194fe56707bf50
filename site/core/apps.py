from typing import Any

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell one signal of ours about every way a page goes live or is taken down."""
        from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
        from wagtail.models import PageViewRestriction
        from wagtail.signals import (
            page_published,
            page_slug_changed,
            page_unpublished,
            post_page_move,
            published,
            unpublished,
        )
        from wagtail_localize.models import LocaleSynchronization, StringTranslation

        from core import checks, following, following_rows, publishing, star, tidying  # noqa: F401

        pre_save.connect(
            tidying.tidy_translation, sender=StringTranslation, dispatch_uid="core.tidy_translation"
        )

        def told(live: bool) -> Any:
            # Of a page that is being deleted Wagtail sends an instance that still looks live.
            def changed(sender: Any, instance: Any, **kwargs: Any) -> None:
                # First: what other rooms compile and index of the page holds its followers too.
                following.on_page_changed(sender=sender, page=instance, live=live)
                publishing.page_changed.send(sender=sender, page=instance, live=live)
                publishing.bump_generation()

            return changed

        page_published.connect(told(True), weak=False, dispatch_uid="core.page_published")
        page_unpublished.connect(told(False), weak=False, dispatch_uid="core.page_unpublished")
        post_page_move.connect(
            lambda sender, **kwargs: publishing.bump_generation(),
            weak=False,
            dispatch_uid="core.page_moved",
        )
        post_page_move.connect(following.on_page_moved, dispatch_uid="core.follow_move")
        page_slug_changed.connect(following.on_page_renamed, dispatch_uid="core.follow_slug")
        pre_delete.connect(following.on_page_deleted, dispatch_uid="core.follow_delete")
        post_save.connect(following_rows.on_saved, dispatch_uid="core.follow_row")
        published.connect(following_rows.on_published, dispatch_uid="core.follow_row")
        unpublished.connect(following_rows.on_unpublished, dispatch_uid="core.follow_row")
        post_delete.connect(following_rows.on_deleted, dispatch_uid="core.follow_row_delete")
        star.install()
        pre_save.connect(
            star.on_synchronization_saved,
            sender=LocaleSynchronization,
            dispatch_uid="core.star",
        )
        # What was kept of a page before it was restricted is shown no longer.
        for signal in (post_save, post_delete):
            signal.connect(
                lambda sender, **kwargs: publishing.bump_generation(),
                sender=PageViewRestriction,
                weak=False,
                dispatch_uid="core.page_restricted",
            )
