"""What every room's pages may point to."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core import qr

#: Longest path that a printed page's code leads to.
LONGEST = 500


@require_safe
@cache_control(public=True, max_age=86_400)
def page_code(request: HttpRequest) -> HttpResponse:
    """The QR code of a page of this portal, `?path=/uz/…`; 404 for anything that is no path.

    Only the portal's own addresses are drawn, so that nobody borrows its name for another's.
    """
    path = request.GET.get("path", "")
    if not path.startswith("/") or path.startswith(("//", "/\\")) or len(path) > LONGEST:
        raise Http404
    response = HttpResponse(qr.svg(settings.BASE_URL + path), content_type="image/svg+xml")
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response
