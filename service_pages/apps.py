from django.apps import AppConfig


class ServicePagesConfig(AppConfig):
    name = "service_pages"
    verbose_name = "Services"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Compile on publish, follow moves, plan the figures."""
        from django.db.models.signals import post_save, pre_delete
        from wagtail.signals import page_slug_changed, post_page_move

        from accounts import scopes
        from accounts.models import Agency
        from core.publishing import page_changed
        from operations import schedule
        from service_pages import rights, services
        from service_pages import scopes as services_of_mandates
        from service_pages.figures import update_figures
        from service_pages.models import AgencyPage, Service, ServicePage

        page_changed.connect(services.on_page_changed, dispatch_uid="service_pages.compile")
        post_page_move.connect(services.on_page_moved, dispatch_uid="service_pages.moved")
        page_slug_changed.connect(services.on_page_moved, dispatch_uid="service_pages.slug")
        pre_delete.connect(
            services.on_page_deleted, sender=ServicePage, dispatch_uid="service_pages.deleted"
        )
        post_save.connect(
            services.on_service_saved, sender=Service, dispatch_uid="service_pages.service"
        )
        # Pages name agencies and keep what they read of them.
        post_save.connect(
            services.on_agency_saved, sender=Agency, dispatch_uid="service_pages.agency"
        )
        post_save.connect(
            rights.on_agency_page_saved, sender=AgencyPage, dispatch_uid="service_pages.rights"
        )
        scopes.register(services_of_mandates.named)
        schedule.register("service figures", update_figures, every_minutes=60)
