"""Documents about payments: invoices and receipts as PDF, lists as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import qr, tables
from core.moments import format_moment
from core.money import in_soums
from core.pdf import compile_pdf
from languages.dates import format_date, format_money
from languages.registry import by_code
from payments import requisites
from payments.models import Invoice
from payments.states import AttemptState, ProviderName

_TEMPLATE = Path(__file__).parent / "typst" / "invoice.typ"
_SIGNER = Signer(salt="payments.receipt", sep="~")


def receipt_address(invoice: Invoice) -> str:
    """Address of the page that says whether a receipt is genuine; it cannot be guessed."""
    return settings.BASE_URL + reverse("payments:verify", args=[_SIGNER.sign(invoice.number)])


def number_of(token: str) -> str | None:
    """The number that a receipt's address names; None where nobody signed it."""
    try:
        return _SIGNER.unsign(token)
    except BadSignature:
        return None


def download(content: bytes, name: str, kind: str = "application/pdf") -> HttpResponse:
    """A file that the browser keeps."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def invoice_pdf(invoice: Invoice, language: str) -> bytes:
    """The invoice: items with their points of law, requisites of both sides."""
    with translation.override(language):
        data = _common(invoice, language) | {
            "title": _("Invoice %(number)s") % {"number": invoice.number},
            "facts": _facts(invoice, language, paid=False),
            "qr": "", "qr_alt": "", "qr_label": "",
            "parties": _parties(invoice, language),
        }  # fmt: skip
    return compile_pdf(_TEMPLATE, data)


def receipt_pdf(invoice: Invoice, language: str) -> bytes:
    """The receipt of a paid invoice, with a code that leads to its proof."""
    with translation.override(language):
        address = receipt_address(invoice)
        data = _common(invoice, language) | {
            "title": _("Receipt for %(number)s") % {"number": invoice.number},
            "facts": _facts(invoice, language, paid=True),
            "qr": qr.svg(address),
            "qr_alt": _("QR code with the address: %(address)s") % {"address": address},
            "qr_label": _("Check this receipt"),
            "parties": _parties(invoice, language),
        }
    return compile_pdf(_TEMPLATE, data)


def _common(invoice: Invoice, language: str) -> dict[str, Any]:
    return {
        "author": "Yagona portal",
        "site": settings.BASE_URL.partition("://")[2],
        "lang": by_code(language).iso,
        "demonstration": _("A demonstration: not an official document.") if settings.DEMO else "",
        "head": [_("For what"), _("Sum")],
        "items": [
            {
                "text": str(item.text(language)),
                "law": item.law(language),
                "sum": format_money(item.due, language),
            }
            for item in invoice.items.all()
        ],
        "total_label": _("Total"),
        "total": format_money(invoice.total, language),
    }


def _facts(invoice: Invoice, language: str, *, paid: bool) -> list[dict[str, str]]:
    rows = [(_("Number"), invoice.number), (_("Request"), invoice.about)]
    if not paid:
        rows += [
            (_("Issued"), format_date(timezone.localdate(invoice.issued_at), language)),
            (_("Pay by"), format_moment(invoice.due_at, language)),
        ]
    else:
        attempt = invoice.attempts.filter(
            state__in=[AttemptState.PERFORMED, AttemptState.REVERSED]
        ).first()
        rows.append(
            (_("Paid"), format_moment(invoice.paid_at, language) if invoice.paid_at else "")
        )
        if attempt is not None:
            rows += [
                (_("Way to pay"), str(ProviderName(attempt.provider).label)),
                (_("Number of the payment"), attempt.data.get("paydoc") or attempt.external_id),
            ]
        if invoice.paid_with is not None:
            rows.append((_("Paid with the payment of"), invoice.paid_with.number))
        if invoice.refunded:
            rows.append((_("Returned"), format_money(invoice.refunded, language)))
    return [{"label": str(label), "text": str(text)} for label, text in rows if text]


def _party(title: str, rows: Sequence[requisites.Line]) -> dict[str, Any]:
    return {"title": title, "rows": [{"label": row.label, "text": row.text} for row in rows]}


def _parties(invoice: Invoice, language: str) -> list[dict[str, Any]]:
    purpose = requisites.Line(_("Purpose of payment"), invoice.number)
    return [
        _party(_("Payee"), [*requisites.payee(invoice, language), purpose]),
        _party(_("Payer"), requisites.payer(invoice)),
    ]


def table_of_invoices(rows: Iterable[Invoice], ending: str) -> HttpResponse:
    """Invoices as CSV or XLSX; sums in soʻm with two places. Raises Http404 for another ending."""
    head = [
        _("Number"), _("Request"), _("Agency"), _("Issued"), _("Paid"), _("Sum, soʻm"),
        _("Returned, soʻm"), _("State"),
    ]  # fmt: skip
    body: list[list[tables.Cell]] = [
        [
            row.number, row.about, row.agency.label(), _day(row.issued_at), _day(row.paid_at),
            in_soums(row.total), in_soums(row.refunded), row.get_state_display(),
        ]
        for row in rows
    ]  # fmt: skip
    return table([head, *body], "invoices", ending)


def table(rows: Sequence[Sequence[tables.Cell]], name: str, ending: str) -> HttpResponse:
    """Rows as a file. Raises Http404 for an ending that is neither csv nor xlsx."""
    if ending == "csv":
        return download(tables.to_csv(rows), f"{name}.csv", tables.CSV)
    if ending == "xlsx":
        return download(tables.to_xlsx([(name, rows)]), f"{name}.xlsx", tables.XLSX)
    raise Http404


def _day(moment: Any) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""
