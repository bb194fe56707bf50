"""What a request costs: before the first question by the reader's case, before sending by the
answers, and at sending, when it is frozen on the invoice. One set of rules for all three."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from core.money import Tiyin
from core.texts import pick
from forms.engine import rules
from forms.engine.schema import Schema
from service_pages import fees, passport, pricing
from service_pages.models import Discount, Service
from service_pages.vocabulary import Channel

#: Where a form is filled in by the applicants themselves.
HERE = (Channel.PORTAL,)


@dataclass(frozen=True)
class Price:
    """The price of one request on a day: a quote for each fee, and the discount's code."""

    quotes: tuple[fees.Quote, ...] = ()
    discount: str = ""

    @property
    def lines(self) -> list[fees.Line]:
        """Everything that is paid, in the order of the form's rules."""
        return [line for quote in self.quotes for line in quote.lines]

    @property
    def total(self) -> Tiyin:
        """What is paid altogether, in tiyin."""
        return sum((quote.total for quote in self.quotes), Tiyin(0))


def before(service: Service | None, params: QueryDict, language: str) -> dict[str, Any] | None:
    """The price as the start of a form shows it, for somebody who applies by the portal; `params`
    say the reader's case (`service_pages.pricing`). None without a passport that says anything of
    the price."""
    current = passport.current(service) if service is not None else None
    if current is None or not current.content.get("fee_status"):
        return None
    content = _with_laws(current, language)
    shown = pricing.price(content, params, timezone.localdate(), language, here=HERE[0])
    return shown | {
        "means": content.get("payment_means") or "",
        "validity_days": content.get("payment_validity_days"),
    }


def _with_laws(current: passport.Passport, language: str) -> dict[str, Any]:
    """The passport's texts, each fee with what sets it in law."""
    content = current.texts(language)
    rows = zip(content["fees"], current.fees, strict=True)
    return content | {
        "fees": [row | {"legal_point": pick(current.law_of(rule), language)} for row, rule in rows]
    }


def of_answers(
    schema: Schema,
    answers: Mapping[str, Any],
    current: passport.Passport | None,
    day: date,
    *,
    language: str = "uz",
    channels: Sequence[str] = HERE,
    firm: bool = False,
) -> Price:
    """The price that answers make, by the form's rules and the passport's fees in force.

    `channels`: the doors that count as the request's own, the best first. `firm`: a legal entity
    pays, which no social discount is for. Nothing where nothing is to be paid, or no base amount
    is known for the day: a request is never refused for that, and the agency says what to pay.
    """
    keys = rules.fee_keys(schema, answers)
    if not keys or current is None or not current.content["fees"]:
        return Price()
    code = "" if firm else rules.discount_code(schema, answers)
    discount = Discount.objects.filter(code=code).first() if code else None
    content = _with_laws(current, language)
    known = {rule["key"] for rule in fees.rules_in_force(content, day)}
    wanted = [fees.for_channel(content, day, key, channels) for key in keys if key in known]
    # The form has chosen already: each fee is quoted by itself.
    single = content | {"fee_mode": "single"}
    try:
        found = tuple(fees.quote(single, day, key=key, discount=discount) for key in wanted)
    except LookupError:
        return Price()
    return Price(found, code)
