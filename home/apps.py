from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = "Content"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The home page of a new language comes with rights and the workflow of approval."""
        from django.db.models.signals import post_save

        from accounts import rights as roles
        from accounts.models import Role
        from core import following, following_rows, waiting
        from home import feedback_overview
        from home.models import HomePage
        from operations import schedule
        from service_pages import rights

        # Incidents are told by notices.
        roles.register(Role.SUPPORT, "home.view_notice", "home.add_notice", "home.change_notice")
        post_save.connect(rights.on_home_page_saved, sender=HomePage, dispatch_uid="home.rights")
        waiting.register("feedback", feedback_overview.piles, order=30)
        schedule.register("followers of Uzbek pages", following.reconcile, every_minutes=10)
        schedule.register("followers of Uzbek rows", following_rows.reconcile, every_minutes=10)
