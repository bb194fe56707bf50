from typing import Any

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Index on publish; mend what a crash left behind."""
        from core.publishing import page_changed
        from operations import readiness, schedule
        from search import indexing
        from search.models import SearchDocument
        from service_pages.models import ServicePage

        def on_page_changed(sender: Any, page: Any, live: bool, **kwargs: Any) -> None:
            if isinstance(page, ServicePage):
                indexing.index_service(page.service)
            else:
                indexing.index_page(page)

        def probe() -> str | None:
            return None if SearchDocument.objects.exists() else "the index is empty"

        page_changed.connect(on_page_changed, weak=False, dispatch_uid="search.index")
        schedule.register("search", indexing.reconcile, every_minutes=60)
        readiness.register("search", probe)
