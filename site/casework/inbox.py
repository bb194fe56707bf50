"""The officer's inbox: first due first, filtered, sorted, never counted in full."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.membership import SIGNING
from accounts.models import Agency, Role, User
from accounts.selectors import agencies_of, has_role
from casework import assigning, desk, doors, list_looks, presenting, selectors
from casework.graph import State
from casework.models import Unit
from casework.numbers import parse_number
from core.http import number_in, see_other
from core.own_language import in_own_language
from core.texts import pick
from languages import registry

PER_PAGE = 30
MOST_PAGES = 300


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def index(request: HttpRequest) -> HttpResponse:
    """Requests of the reader's agencies; nobody else's are ever counted or shown.

    Searching posts: who asks must not stand in an address. All else leads back to one.
    """
    agencies = selectors.seen_agencies(request.user)
    enters = doors.may_enter(request.user)
    if not agencies and not enters:
        raise PermissionDenied
    language = translation.get_language() or registry.SOURCE
    searching = request.method == "POST"
    params = request.POST if searching else request.GET
    asked = _asked(params)
    if searching and (parse_number(asked.get("q", "")) is not None or "q" not in asked):
        return see_other(_path(asked))
    assert isinstance(request.user, User)  # somebody with a role
    rows = selectors.inbox(request.user, params, agencies or None, by_name=searching)
    rows = list_looks.marked(rows, request.user)
    # Without counting all there is: one row more than shown says whether there is a next page.
    number = page_number(params.get("page", ""))
    found = list(rows[(number - 1) * PER_PAGE : number * PER_PAGE + 1])
    if not found and number > 1 and not searching:
        # Further down than there is anything: the first page, by its own address.
        return redirect(_path(asked))
    if not found and number > 1:
        number, found = 1, list(rows[: PER_PAGE + 1])
    list_looks.note(request.user, found[:PER_PAGE])
    counts = selectors.inbox_counts(request.user, agencies or None)
    units = list(assigning.units_of(agencies, request.user)) if agencies and counts["units"] else []
    names = {unit.pk: pick(unit.name, language) for unit in units}
    return render(
        request,
        "casework/admin/inbox.html",
        {
            "number": number,
            "has_next": len(found) > PER_PAGE,
            "requests": [
                {
                    "row": row,
                    "title": selectors.title_of(row, language),
                    "left": presenting.time_left(row),
                    "agency": pick(row.agency.name, language),
                    "unit": names.get(row.unit_id, ""),
                }
                for row in found[:PER_PAGE]
            ],
            "filters": _filters(asked, counts, in_units=any(u.is_mine for u in units)),
            "units": _units(units, agencies, language),
            "sorts": _sorts({k: v for k, v in asked.items() if k != "q"}),
            "orders": selectors.order_labels().items(),
            "kinds": selectors.kind_labels().items(),
            "heads": has_role(request.user, *SIGNING),
            "watches": has_role(request.user, *SIGNING, Role.CONTROLLER),
            "saved": counts["saved"],
            "states": [(state.value, state.label) for state in State],
            "agencies": _agencies(asked, agencies, language),
            "many_agencies": len(agencies) > 1,
            "may_enter": enters,
            "answers": bool(agencies),
            "tasks": counts["tasks"],
            "asked": asked,
            "searching": searching,
            "query": urlencode({k: v for k, v in asked.items() if not (searching and k == "q")}),
        },
    )


def page_number(text: str) -> int:
    """A page from 1 to MOST_PAGES: further down nobody reads, and the database would."""
    return max(1, min(number_in(text, 5), MOST_PAGES))


def _asked(params: QueryDict) -> dict[str, str]:
    """What was asked for, of the parameters that there are."""
    return {
        name: value
        for name in (*desk.FILTERED, "q")
        if (value := params.get(name, "").replace("\x00", "").strip()[:200])
    }


@never_cache
@require_POST
@in_own_language
def keep_filter(request: HttpRequest) -> HttpResponse:
    """Keep the view that is shown under a name, or drop a kept one."""
    if not agencies_of(request.user, *selectors.STAFF).exists():
        raise PermissionDenied
    dropped = number_in(request.POST.get("forget"))
    asked = _asked(request.POST)
    if dropped:
        desk.forget_filter(request.user, dropped)
        messages.success(request, _("Done."))
    elif desk.keep_filter(request.user, request.POST.get("name", "").replace("\x00", ""), asked):
        messages.success(request, _("Done."))
    else:
        messages.error(request, _("Filter the requests, then give the filter a name."))
    asked.pop("q", None)
    return see_other(_path(asked))


def _path(asked: dict[str, str]) -> str:
    """The inbox with what was asked for."""
    return reverse("casework_inbox") + (f"?{urlencode(asked)}" if asked else "")


def _filters(
    asked: dict[str, str], counts: dict[str, int], *, in_units: bool
) -> list[dict[str, Any]]:
    """Links to what is open, mine, my unit's, nobody's, late, to be signed, closed; no number
    beside what only grows."""
    keep = {"agency": asked["agency"]} if "agency" in asked else {}
    none = not asked.keys() - {"agency", "sort"}
    return [
        {
            "label": label,
            "count": counts.get(key),
            "more": counts.get(key, 0) > selectors.MOST_COUNTED,
            "most": selectors.MOST_COUNTED,
            "url": "?" + urlencode({"show": key} | keep),
            "current": asked.get("show") == key or (key == "open" and none),
        }
        for key, label in selectors.show_labels().items()
        if key != "unit" or in_units
    ]


def _units(units: list[Unit], agencies: list[Agency], language: str) -> list[tuple[str, str]]:
    """(id, name) of the units of the reader's agencies to choose from; with the agency's where
    there are several."""
    names = {agency.pk: pick(agency.name, language) for agency in agencies}
    several = len({unit.agency_id for unit in units}) > 1
    return sorted(
        (
            (str(unit.pk), pick(unit.name, language)
             + (f" – {names[unit.agency_id]}" if several else ""))
            for unit in units
        ),
        key=lambda pair: pair[1],
    )  # fmt: skip


def _sorts(asked: dict[str, str]) -> dict[str, dict[str, str]]:
    """Links of the two columns by which the list is sorted, and how each stands now."""
    now = asked.get("sort", "due")
    rest = {name: value for name, value in asked.items() if name != "sort"}
    received = "old" if now == "new" else "new"
    return {
        "due": {"url": "?" + urlencode(rest), "now": "ascending" if now == "due" else "none"},
        "received": {
            "url": "?" + urlencode(rest | {"sort": received}),
            "now": {"new": "descending", "old": "ascending"}.get(now, "none"),
        },
    }


def _agencies(asked: dict[str, str], agencies: list[Agency], language: str) -> list[dict[str, Any]]:
    """The reader's agencies to choose from, if there are several."""
    return [
        {
            "key": agency.key,
            "label": pick(agency.name, language),
            "current": asked.get("agency") == agency.key,
        }
        for agency in agencies
    ]
