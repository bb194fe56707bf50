"""Why a day moves and what is proposed was a text in Uzbek; it becomes a text in the languages."""

from __future__ import annotations

import json
from typing import Any

import core.fields
from core.texts import complete
from django.db import migrations


def to_maps(apps: Any, _schema_editor: Any) -> None:
    """Write each text as the JSON of its map: the column's type is changed after that."""
    for name in ("PlanMove", "Proposal"):
        model = apps.get_model("registry", name)
        for row in model.objects.only("pk", "reason").iterator(500):
            text = json.dumps(complete({"uz": row.reason}), ensure_ascii=False)
            model.objects.filter(pk=row.pk).update(reason=text)


def to_texts(apps: Any, _schema_editor: Any) -> None:
    """The way back: the Uzbek text of each map."""
    for name in ("PlanMove", "Proposal"):
        model = apps.get_model("registry", name)
        for row in model.objects.only("pk", "reason").iterator(500):
            text = json.loads(row.reason).get("uz", "")
            model.objects.filter(pk=row.pk).update(reason=text)


class Migration(migrations.Migration):
    dependencies = [("registry", "0010_what_is_withheld")]

    operations = [
        migrations.RunPython(to_maps, to_texts),
        migrations.AlterField(
            model_name="planmove",
            name="reason",
            field=core.fields.TextMapField(default=dict),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="reason",
            field=core.fields.TextMapField(default=dict, verbose_name="reason"),
        ),
    ]
