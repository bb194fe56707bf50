"""Staff of one agency walk every address and find nothing of another's work that is not public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from accounts.membership import GIVEN_BY_HEADS
from accounts.models import Agency, Organization, Role, User
from accounts.services import create_staff, give_mandate
from casework.models import ServiceRequest
from service_pages.models import AgencyPage, ServicePage
from service_pages.rights import collection_of, ensure_rights
from tests.casework import support
from tests.portal.addresses import Address, addresses
from tests.service_pages import factories

pytestmark = pytest.mark.django_db

#: Stands in everything of agency B that is not public; `ASKED` finds it and is echoed by searches.
SECRET, ASKED = "Maxfiynoma 7731", "Maxfiynoma"
#: What answers with somebody else's whole session or ends one's own.
LEFT_OUT = {"account_logout", "wagtailadmin_logout", "wagtailadmin_error_test"}


@dataclass(frozen=True)
class World:
    """Two agencies; everything secret belongs to the second."""

    visitor: User
    draft: Page
    image: Any
    document: Any
    colleague: User
    request: ServiceRequest

    def secrets(self) -> dict[str, str]:
        """What must not be read, by what it is."""
        return {
            "a title, name or file": SECRET,
            "a request's number": self.request.number,
            "a colleague's e-mail": str(self.colleague.email),
        }


@pytest.fixture
def world(db: None) -> World:
    own = factories.make_agency("adliya-vazirligi")
    factories.make_service("nikoh-malumotnoma", agency=own)
    other = factories.make_agency("ssv")
    shown = factories.make_service("shifokor-navbati", title="Shifokor navbati", agency=other)
    draft = factories.make_page("yashirin-xizmat", agency=other, title=f"{SECRET} qoralama")
    ensure_rights()
    public = ServicePage.objects.get(service=shown, locale__language_code="uz")
    public.title = f"{SECRET} yangi nom"
    public.save_revision()
    collection = collection_of(other.agency)
    image = get_image_model().objects.create(
        title=f"{SECRET} rasm", file=get_test_image_file("rasm.png"), collection=collection
    )
    document = get_document_model().objects.create(
        title=f"{SECRET} hujjat",
        file=ContentFile(b"%PDF-1.4", name="hujjat.pdf"),
        collection=collection,
    )
    image.tags.add(f"{SECRET} belgi")
    colleague = create_staff(
        email="maxfiy.xodim@example.org",
        full_name=f"{SECRET} xodim",
        agency=other.agency,
        roles=(*GIVEN_BY_HEADS, Role.HEAD),
    )
    public.get_workflow().start(public, colleague)
    draft.locked, draft.locked_by = True, colleague
    draft.save()
    person = support.applicant(7, full_name=f"{SECRET} fuqaro")
    row = support.make_request(support.make_service(other.agency), person)
    firm = Organization.objects.create(stir="300000007", name=f"{SECRET} firma")
    give_mandate(person, firm, basis="head")
    # All roles of an agency in one person: rights only add up.
    visitor = create_staff(
        email="mehmon@example.org",
        full_name="Demo Mehmon",
        agency=own.agency,
        roles=(*GIVEN_BY_HEADS, Role.HEAD),
    )
    return World(visitor, draft, image, document, colleague, row)


def values_for(address: Address, world: World) -> dict[str, Any]:
    """The other agency's own numbers, keys and names, as a guesser would try them."""
    number: int = world.draft.pk
    for start, row in (
        ("wagtailimages", world.image),
        ("wagtaildocs", world.document),
        ("wagtailusers", world.colleague),
        ("images", world.image),
        ("documents", world.document),
    ):
        if start in address.name:
            number = row.pk
    agency = Agency.objects.get(key="ssv")
    if "accounts_agency" in address.name:
        number = agency.pk
    return {
        "int": number,
        "str": number,
        "slug": "ssv",
        "path": "x",
        "uuid": world.colleague.uuid if "staff" in address.route else world.request.uuid,
        "app_label": "service_pages",
        "app_name": "service_pages",
        "model_name": "servicepage",
        "content_type_app_name": "service_pages",
        "content_type_model_name": "servicepage",
        "language": "uz",
    }


def test_nothing_of_another_agency_is_found(world: World) -> None:
    """Pages, choosers, searches, reports, exports, the API and guesses of numbers."""
    client = Client(raise_request_exception=False)
    client.force_login(world.visitor)
    found, broken = [], []
    for address in addresses():
        if address.name in LEFT_OUT:
            continue
        path = address.path(values_for(address, world))
        asked = {"q": ASKED, "search": ASKED, "query": ASKED, "term": ASKED, "id": world.draft.pk}
        # Lists are searched and exported, too.
        queries = [{}, asked, asked | {"export": "csv", "format": "json", "p": "1"}]
        for query in queries[:1] if "<" in address.route else queries:
            answer = client.get(path, query)
            text = b"".join(answer).decode(errors="replace")  # a file streams
            found += [
                f"{address.name} {path} {sorted(query)}: {what}"
                for what, secret in world.secrets().items()
                if secret in text
            ]
            if answer.status_code >= 500:
                broken.append(f"{address.name} {path} {sorted(query)}: {answer.status_code}")
    assert not found, "\n".join(found)
    assert not broken, "\n".join(broken)


def test_the_other_agency_finds_its_own(world: World) -> None:
    """The walk above would find what there is: the colleague does."""
    client = Client()
    client.force_login(world.colleague)
    explorer = client.get(f"/admin/pages/{AgencyPage.objects.get(agency__key='ssv').pk}/")
    assert SECRET in explorer.content.decode()
    assert SECRET in client.get("/admin/images/chooser/results/").content.decode()
    assert world.request.number in client.get("/admin/requests/").content.decode()
