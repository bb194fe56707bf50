"""Appeals to any body and about the portal itself, from whoever sits at the site: with the name of
the account, or without a name and without signing in (requirements.md, S-10, L-05, L-06, L-08).

They need no service that an editor made. Where an administrator marked one (*Rules of services*),
they are counted under it; where none is marked, under a service of the portal's own that stands in
no catalogue. Appeals about the portal go to the body that controls.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import Agency, User
from casework import built_in, oversight, policy
from casework.intake import register_request
from casework.models import Kind, ServiceRequest, ServiceRules
from forms.models import FormVersion, Submission
from home.models.feedback import PageComment
from service_pages.models import Service
from service_pages.vocabulary import Status

MOST_TEXT = 10_000
SHORTEST_TEXT = 10
KINDS = (Kind.APPLICATION, Kind.PROPOSAL, Kind.COMPLAINT)
#: Keys of the portal's own services; no registry number of the registry begins so.
_OWN = {
    ServiceRules.Purpose.APPEALS: ("own-appeals", "P-APPEALS"),
    ServiceRules.Purpose.PORTAL: ("own-portal-appeals", "P-PORTAL"),
}


@dataclass(frozen=True)
class Appeal:
    """What somebody wrote. `agency` None: about the portal."""

    kind: Kind
    agency: Agency | None
    text: str
    language: str
    #: None: without a name.
    user: User | None
    #: Sending twice is one appeal.
    token: str


def version() -> FormVersion:
    """The form of an appeal, written anew where its texts have changed since."""
    ask = built_in.question
    kinds = [{"value": kind.value, "label": built_in.texts(kind.label)} for kind in KINDS]
    return built_in.version(
        "appeal",
        gettext_noop("Appeal"),
        built_in.step(
            "appeal",
            gettext_noop("Appeal"),
            ask("kind", "choice", gettext_noop("Kind"), required=True) | {"options": kinds},
            ask("text", "textarea", gettext_noop("What you write"), required=True,
                max_length=MOST_TEXT),
        ),
    )  # fmt: skip


def addressees() -> QuerySet[Agency]:
    """Bodies that an appeal may be sent to."""
    return Agency.objects.filter(active=True)


def portal_body() -> Agency | None:
    """Who considers appeals about the portal; None before there is any body."""
    marked = policy.service_for(ServiceRules.Purpose.PORTAL)
    if marked is not None and marked.agency.active:
        return marked.agency
    return oversight.controlling_body() or addressees().order_by("order", "key").first()


def _service(purpose: ServiceRules.Purpose, agency: Agency) -> Service:
    marked = policy.service_for(purpose)
    if marked is not None:
        return marked
    key, number = _OWN[purpose]
    service, _created = Service.objects.get_or_create(
        key=key,
        # Never live: it stands in no catalogue, no plan and no count of services.
        defaults={"registry_number": number, "agency": agency, "status": Status.PROPOSED},
    )
    return service


@transaction.atomic
def send(appeal: Appeal) -> ServiceRequest:
    """Register an appeal; the same token gives the same one.

    Raises LookupError before there is any body, ValueError for a kind or text that is none.
    """
    if appeal.kind not in KINDS or len(appeal.text.strip()) < SHORTEST_TEXT:
        raise ValueError("An appeal has a kind and a text.")
    present = ServiceRequest.objects.filter(submission__submit_token=appeal.token).first()
    if present is not None:
        return present
    about_portal = appeal.agency is None
    agency = appeal.agency or portal_body()
    if agency is None:
        raise LookupError("Nobody could take it.")
    purpose = ServiceRules.Purpose.PORTAL if about_portal else ServiceRules.Purpose.APPEALS
    submission = Submission.objects.create(
        version=version(),
        user=appeal.user,
        anonymous=appeal.user is None,
        language=appeal.language,
        answers={"kind": appeal.kind.value, "text": appeal.text.strip()[:MOST_TEXT]},
        submitted_at=timezone.now(),
        submit_token=appeal.token,
    )
    return register_request(
        submission, _service(purpose, agency), agency=agency, kind=appeal.kind,
        is_anonymous=appeal.user is None, about_portal=about_portal,
    )  # fmt: skip


def from_comment(comment: PageComment) -> str:
    """Enter what a reader wrote about a page as a complaint about the portal; its number.

    The reader left no name, so it is one without. Raises as `send` does.
    """
    asked = Appeal(
        Kind.COMPLAINT, None, comment.text, comment.language, None, f"comment-{comment.pk}"
    )
    try:
        return send(asked).number
    except LookupError as error:
        raise ValueError(str(error)) from error
