"""Work of the room in the task queue."""

from __future__ import annotations

from django_tasks import task

from service_pages.models import TranslationBatch
from service_pages.translation import services


@task()
def send_to_translation(batch_id: int) -> None:
    """Send a batch of pages to translation; safe to run again after a crash."""
    batch = TranslationBatch.objects.filter(pk=batch_id, finished_at=None).first()
    if batch is not None:
        services.run(batch)
