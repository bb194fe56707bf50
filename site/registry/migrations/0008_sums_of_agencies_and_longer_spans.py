"""Rows of an agency as a whole, and of tens of days, quarters and years, for what is counted already."""

from collections import Counter
from datetime import date, timedelta
from itertools import groupby

from django.db import migrations, models

_STATES = frozenset({
    "open", "waiting", "overdue", "overdue_days", "tasks_open", "tasks_overdue", "passports",
    "completeness", "reviews_late", "untranslated", "silent",
})  # fmt: skip
_BATCH = 1000


def _next(first):
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def _ten(day):
    first = day.replace(day=1 + min(10 * ((day.day - 1) // 10), 20))
    last = _next(first.replace(day=1)) - timedelta(days=1)
    return first, last if first.day == 21 else first + timedelta(days=9)


def _quarter(day):
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return first, _next(first.replace(month=first.month + 2)) - timedelta(days=1)


def _year(day):
    return date(day.year, 1, 1), date(day.year, 12, 31)


def _agencies(Figure):
    rows = Figure.objects.filter(cut="service").order_by("run_id", "span", "day", "agency_id")
    columns = ("run_id", "span", "day", "agency_id", "counts")
    for (run, span, day, agency), group in groupby(
        rows.values_list(*columns).iterator(2000), lambda row: row[:4]
    ):
        total = Counter()
        for row in group:
            total.update(row[4])
        yield Figure(run_id=run, span=span, day=day, agency_id=agency, cut="agency", value="",
                     counts=dict(total))  # fmt: skip


def _longer(Figure, runs, finer, span, around):
    """A row is known from the run on that closed the last day of its span."""
    columns = ("day", "run__number", "agency_id", "cut", "value", "counts")
    rows = Figure.objects.filter(span=finer).order_by("day").values_list(*columns).iterator(2000)
    for (first, last), group in groupby(rows, lambda row: around(row[0])):
        closing = next((number for number, closed, _pk in runs if closed >= last), None)
        if closing is None:
            continue
        found = {}
        for _day, run, agency, cut, value, counts in group:
            flows = {n: c for n, c in counts.items() if n not in _STATES}
            if flows:
                found.setdefault((max(run, closing), agency, cut, value), Counter()).update(flows)
        keys = {number: pk for number, _closed, pk in runs}
        for (run, agency, cut, value), counts in found.items():
            yield Figure(run_id=keys[run], span=span, day=first, agency_id=agency, cut=cut,
                         value=value, counts=dict(counts))  # fmt: skip


def _insert(Figure, rows):
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            Figure.objects.bulk_create(batch)
            batch = []
    Figure.objects.bulk_create(batch)


def fill(apps, schema_editor):
    Figure = apps.get_model("registry", "Figure")
    runs = list(
        apps.get_model("registry", "FigureRun").objects.order_by("number")
        .values_list("number", "closed", "pk")
    )  # fmt: skip
    # Each is read whole before its rows are written: nothing is written into what is being read.
    _insert(Figure, list(_agencies(Figure)))
    for finer, span, around in (("d", "t", _ten), ("m", "q", _quarter), ("q", "y", _year)):
        _insert(Figure, list(_longer(Figure, runs, finer, span, around)))


class Migration(migrations.Migration):

    dependencies = [("registry", "0007_finding_names_its_agency")]

    operations = [
        migrations.AlterField(
            model_name="figure",
            name="cut",
            field=models.CharField(
                choices=[
                    ("service", "Service"), ("district", "District"), ("channel", "Channel"),
                    ("applicant", "Applicant"), ("kind", "Kind"), ("agency", "Agency"),
                    ("house", "House"),
                ],
                max_length=9,
            ),
        ),
        migrations.AlterField(
            model_name="figure",
            name="span",
            field=models.CharField(
                choices=[("d", "Day"), ("t", "Ten"), ("m", "Month"), ("q", "Quarter"), ("y", "Year")],
                max_length=1,
            ),
        ),
        # Rows that are there already stay where the migration is undone: nothing reads them.
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]  # fmt: skip
