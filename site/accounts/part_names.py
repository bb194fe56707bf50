"""What parts and recurring work of the portal are called on the page of support; logs and probes have
the keys, which rooms choose."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

NAMES = {
    # Parts that `/readyz` asks.
    "database": _("Database"),
    "migrations": _("Changes of the database"),
    "storage": _("Storage of files"),
    "queue": _("Queue of tasks"),
    "search": _("Search"),
    "virus scanner": _("Virus scanner"),
    # Recurring work.
    "answers past their time": _("Forget answers past their time"),
    "dates of roles": _("Begin and end roles by their dates"),
    "ended mandates": _("Forget ended mandates"),
    "ended sessions": _("Forget ended sessions"),
    "expired drafts": _("Delete expired drafts"),
    "figures": _("Figures of the registry"),
    "fiscal items": _("Send fiscal items"),
    "followers of Uzbek pages": _("Keep Cyrillic pages in step"),
    "followers of Uzbek rows": _("Keep Cyrillic texts in step"),
    "heartbeat": _("Sign of life"),
    "journal anchor": _("Seal the journal of the day"),
    "lost phones": _("Put in phones after a lost one"),
    "morning digest": _("Morning digest for staff"),
    "names of requests": _("Names for finding requests"),
    "old events of forms": _("Delete old events of forms"),
    "old messages": _("Forget old messages"),
    "orphaned papers": _("Delete papers without a mandate"),
    "orphaned uploads": _("Delete files without a request"),
    "outbox": _("Send messages"),
    "papers of ended mandates": _("Delete papers of ended mandates"),
    "plan alerts": _("Alerts about the plan"),
    "reconciliation": _("Compare payments with the payment systems"),
    "refunds under way": _("Follow refunds under way"),
    "registry version": _("Version of the registry"),
    "reminders": _("Reminders of terms"),
    "report reminders": _("Reminders of the yearly report"),
    "request figures": _("Figures of requests"),
    "reviews of rights": _("Reminders to review rights"),
    "search_files": _("Read files for search"),
    "search_node": _("Watch the search node"),
    "search_queries": _("Forget old searches"),
    "served answers": _("Figures of answers in time"),
    "service figures": _("Figures of services"),
    "silent payments": _("Ask about silent payments"),
    "tallies": _("Forget old counts of tries"),
    "unanswered requests": _("Close requests without an answer"),
    "unpaid invoices": _("End unpaid invoices"),
    "views": _("Count views of pages"),
}


def named(key: str) -> str:
    """What a part or a work is called in the reader's language; its key where nobody named it."""
    return str(NAMES.get(key, key))
