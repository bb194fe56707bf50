"""Bring the shipped synonyms in: new groups, and those that changed and that editors left alone."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core.publishing import bump_generation
from search import shipped
from search.models import Synonyms


class Command(BaseCommand):
    help = "Bring the synonyms that the portal ships with up to date; what editors changed stays."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how many groups are new or changed."""
        added, changed = shipped.load(Synonyms)
        bump_generation()
        self.stdout.write(f"{added} groups added, {changed} changed")
