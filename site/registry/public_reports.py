"""The public edition of yearly reports: what was signed, with figures as disclosure.py lets them be
told, as a page and as files in every language."""

from __future__ import annotations

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.crumbs import crumbs
from registry.models import Report
from registry.monitoring.disclosure import SMALLEST
from registry.monitoring.telling import Public
from registry.reports import files
from registry.reports.showing import sections

#: Seconds for which a written file is kept: what is signed never changes.
_KEPT = 86_400
#: Rows of a table on the page; the spreadsheet has all.
MOST_ROWS = 40


def _below(*more: tuple[str, str]) -> list[dict[str, str]]:
    return crumbs((_("How agencies answer"), "quality:agencies"), *more)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Signed reports, the newest year first."""
    return render(
        request,
        "registry/quality/reports.html",
        {"reports": Report.objects.public(), "formats": list(files.PUBLIC), "crumbs": _below()},
    )


def _asked(request: HttpRequest, year: int) -> Report:
    """The newest edition of a year that is signed, or the one that is named. Raises Http404."""
    found = Report.objects.public().of(year)
    edition = request.GET.get("edition", "")
    if edition.isascii() and edition.isdigit() and len(edition) < 4:
        found = found.filter(edition=int(edition))
    row = found.first()
    if row is None:
        raise Http404
    return row


@require_safe
def report(request: HttpRequest, year: int) -> HttpResponse:
    """One year's report. 404 before it is signed."""
    row = _asked(request, year)
    language = get_language() or "uz"
    editions = list(Report.objects.public().of(year))
    return render(
        request,
        "registry/quality/report.html",
        {
            "row": row,
            "title": files.title(row),
            "others": [other for other in editions if other != row],
            "is_newest": row == editions[0],
            "sections": sections(row, language, files.last_year(row), Public(language)),
            "formats": list(files.PUBLIC),
            "smallest": SMALLEST,
            "most": MOST_ROWS,
            "crumbs": _below((_("Yearly reports"), "quality:reports")),
        },
    )


@require_safe
def download(request: HttpRequest, year: int, ending: str) -> HttpResponse:
    """The public edition as a file in the reader's language. 404 on an unknown ending."""
    row = _asked(request, year)
    if ending not in files.PUBLIC:
        raise Http404
    language = get_language() or "uz"
    content_type, write = files.PUBLIC[ending]
    # The state stands in the document, and last year's report is compared with.
    before = files.last_year(row)
    key = f"registry:report:{row.hash}:{row.state}:{before.hash if before else ''}:{language}:{ending}"
    data = cache.get(key)
    if data is None:
        data = write(row, language)
        cache.set(key, data, _KEPT)
    answer = HttpResponse(data, content_type=content_type)
    name = f"{files.name(row, language)}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
