from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "forms"
    # `django.forms` owns the label "forms".
    label = "portal_forms"
    verbose_name = "Forms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Compile on publish, offer lists and the apply link, plan the clean-up of drafts."""
        from accounts import closing, kept, papers
        from core.publishing import page_changed
        from forms import checks, reception, references, retention, scanning, uploads, usage  # noqa: F401
        from forms.engine import references as lists
        from forms.papers import MandateDoor
        from forms.selectors import apply_link
        from forms.services import delete_expired, drafts, on_page_changed
        from operations import readiness, schedule
        from service_pages import apply_links

        papers.register(MandateDoor())
        kept.register(20, retention.kept_parts)
        closing.closing.connect(drafts.on_closing, dispatch_uid="forms.closing")
        lists.register("districts", references.districts)
        lists.register("agencies", references.agencies)
        lists.register("receiving", references.receiving)
        lists.register_days(reception.days)
        page_changed.connect(on_page_changed, dispatch_uid="forms.compile")
        apply_links.register(apply_link)
        schedule.register("expired drafts", delete_expired, every_minutes=60)
        schedule.register("orphaned uploads", uploads.delete_orphans, every_minutes=24 * 60)
        schedule.register("answers past their time", retention.forget_due, every_minutes=24 * 60)
        schedule.register("old events of forms", usage.delete_old, every_minutes=24 * 60)
        readiness.register("virus scanner", scanning.ping)
