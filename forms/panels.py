"""Panels of the form's editor."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import Panel

from forms import gate


class AdvicePanel(Panel):
    """What stands in the way of publishing, and what good practice says."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one page."""

        template_name = "forms/admin/advice_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Problems and advice for the page as it was saved last."""
            context = super().get_context_data(parent_context)
            page = self.instance
            if page.pk is None:
                return context | {"saved": False}
            return context | {
                "saved": True,
                "problems": page.publish_problems(),
                "advice": gate.advice(page),
            }
