"""Two years of requests that are over, so that the dashboards of the demonstration say something."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.models import Role, User
from demo.council import told_year
from demo.generating_requests import DAYS, MARK, generate
from demo.money import load_money
from demo.reading import load
from demo.use import load_use
from registry.models import FigureRun, Report
from registry.monitoring import closing
from registry.reports import working

#: Requests, and how long ago the last of them came: nobody's inbox is filled with them.
COUNT, AGO = 1_500, timedelta(days=60)


def load_counted() -> None:
    """Generate them with what came of them, and close the days up to yesterday. Safe to repeat."""
    if not FigureRun.objects.exists():
        yesterday = timezone.localdate() - timedelta(days=1)
        generate(COUNT, yesterday - AGO, end=yesterday)
        load_money(MARK)
        load_use(yesterday - AGO - timedelta(days=DAYS - 1), yesterday)
    closing.close_days(settled=True)


def load_report() -> None:
    """The signed report of the year before the last one that is over. Safe to repeat."""
    controller = User.objects.filter(memberships__role=Role.CONTROLLER).first()
    administrator = User.objects.filter(is_superuser=True).first()
    if Report.objects.exists() or controller is None or administrator is None:
        return
    report = working.begin(told_year(), administrator)
    for section, texts in load("report")["comments"].items():
        working.comment(report, section, texts, administrator)
    # Whoever wrote it does not check it, and whoever checked it does not sign it.
    for step, by in (
        (working.check, controller), (working.sign, administrator), (working.send, controller),
    ):  # fmt: skip
        report = step(report, by)
