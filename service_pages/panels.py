"""Panels of the passport's editor."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import Panel

from service_pages import gate, selectors


class GatePanel(Panel):
    """What the passport still lacks, and how complete it is."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one page."""

        template_name = "service_pages/admin/gate_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Problems and completeness of the page as it was saved last, and similar titles."""
            context = super().get_context_data(parent_context)
            page = self.instance
            if page.pk is None:
                return context | {"saved": False}
            return context | {
                "saved": True,
                "problems": page.publish_problems(),
                "completeness": gate.completeness(page),
                "similar": selectors.similar_titles(page.title, page.service_id),
            }
