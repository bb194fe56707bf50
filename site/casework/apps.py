from django.apps import AppConfig
from django.urls import reverse
from django.utils import translation


def _portal_appeals(language: str) -> str:
    """Where an appeal about the portal is written."""
    with translation.override(language):
        return f"{reverse('casework:appeal')}?about=portal"


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = "Casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take forms, open files to staff, offer figures, plan what comes with time."""
        from accounts import closing, kept
        from casework import (
            appeals,
            complaints,
            finding,
            holding,
            journal,
            list_looks,
            message_kinds,
            paying,
            reminders,
            results,
            rights,
            selectors,
            services,
            tasks,
            transitions,
            waiting,
        )
        from casework.intake import PortalReceiver
        from core import waiting as desks
        from forms import readers, receivers, retention
        from home import feedback, figures
        from operations import journal as house
        from operations import schedule
        from payments import subjects

        desks.register("casework", waiting.piles, order=10)
        message_kinds.register_all()
        receivers.register(PortalReceiver())
        readers.register(selectors.may_read_attachment)
        transitions.moved.connect(complaints.on_moved, dispatch_uid="casework.complaints")
        transitions.moved.connect(holding.on_moved, dispatch_uid="casework.receptions")
        transitions.moved.connect(results.on_moved, dispatch_uid="casework.results")
        transitions.moved.connect(tasks.on_moved, dispatch_uid="casework.tasks")
        transitions.moved.connect(paying.on_moved, dispatch_uid="casework.paying")
        subjects.register(paying.KIND, paying.RequestSubject())
        closing.register(rights.hindrances)
        kept.register(30, rights.kept_parts)
        retention.register(holding.is_open)
        retention.forgotten.connect(rights.on_forgotten, dispatch_uid="casework.rights")
        house.register(journal.STREAM, journal.CHAINS)
        house.register(list_looks.STREAM, list_looks.CHAINS)
        readers.given.connect(services.on_given, dispatch_uid="casework.downloads")
        feedback.register_appeals(appeals.from_comment)
        feedback.register_complaints(_portal_appeals)
        figures.register("casework", selectors.figures)
        schedule.register("request figures", selectors.update_request_figures, every_minutes=60)
        schedule.register("names of requests", finding.note_new, every_minutes=1)
        schedule.register("reminders", reminders.remind, every_minutes=15)
        schedule.register("morning digest", reminders.digest, every_minutes=15)
        schedule.register("unanswered requests", services.expire_unanswered, every_minutes=15)
