from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Index on publish; mend what a crash left behind."""
        from accounts import kept
        from core.publishing import page_changed, published_many
        from core.translating import indexing_left_for_later
        from operations import readiness, schedule
        from search import checks, files, indexing, querylog, rights, upkeep  # noqa: F401
        from search.admin_index import index as admin_index
        from service_pages.models import ServicePage
        from service_pages.services import service_changed

        def on_page_changed(sender: Any, page: Any, live: bool, **kwargs: Any) -> None:
            # A service is told of once its passport is compiled.
            if not isinstance(page, ServicePage):
                indexing.index_page(page)
            files.after_change(page)
            admin_index.write_page(page)

        def on_service_changed(sender: Any, service: Any, **kwargs: Any) -> None:
            if indexing_left_for_later():
                return
            indexing.index_service(service)
            admin_index.write([service])

        def on_published_many(sender: Any, **kwargs: Any) -> None:
            upkeep.catch_up_now()

        indexing.register_text(files.texts)
        kept.register(40, querylog.kept_parts)

        page_changed.connect(on_page_changed, weak=False, dispatch_uid="search.index")
        service_changed.connect(on_service_changed, weak=False, dispatch_uid="search.service")
        published_many.connect(on_published_many, weak=False, dispatch_uid="search.many")
        post_migrate.connect(rights.ensure_rights, sender=self, dispatch_uid="search.rights")
        schedule.register("search", upkeep.every_hour, every_minutes=60)
        schedule.register("search_node", upkeep.every_minute, every_minutes=1)
        schedule.register("search_files", files.catch_up, every_minutes=60)
        schedule.register("search_queries", querylog.forget, every_minutes=24 * 60)
        readiness.register("search", upkeep.problem)
