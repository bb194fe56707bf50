"""Electronic signatures: over these very answers, by the person who sends them, or nothing is sent."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from forms import services
from forms.models import Draft, Signature, Submission
from forms.signing import HttpProvider, providers
from forms.signing.mock import MockAuthority, MockServer
from tests.forms import factories
from tests.forms.conftest import Desk
from tests.forms.factories import fill_draft, question, send
from tests.forms.test_views import checked, post, start, url, version_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_form(signed_in: Client) -> Draft:
    draft = start(signed_in, version_of(question("a"), signature_required=True))
    post(signed_in, draft, a="bir")
    return draft


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A verifying server over HTTP."""
    with MockServer() as server:
        monkeypatch.setattr(providers.settings, "SIGNATURE_URL", server.url)
        yield server


def signature(client: Client, draft: Draft, citizen: User, **changes: Any) -> str:
    text = client.get(f"{url(draft, 'sign')}?text=1").content.decode()
    signer = {"name": "DEMO FUQARO", "pinfl": citizen.profile.pinfl} | changes
    return MockAuthority().sign(signer.pop("text", text), **signer)


def test_a_signed_form_is_sent_with_its_signature(
    signed_in: Client, citizen: User, desk: Desk, signed_form: Draft, authority: MockServer
) -> None:
    draft = signed_form
    response = signed_in.post(url(draft, "check"), {"declared": "on"})
    assert response["Location"] == url(draft, "sign")
    assert checked(signed_in.get(url(draft, "sign")))
    pkcs7 = signature(signed_in, draft, citizen)
    response = signed_in.post(url(draft, "sign"), {"pkcs7": pkcs7})
    assert response.status_code == 303 and len(desk.taken) == 1
    kept = Signature.objects.get()
    assert kept.submission == Submission.objects.get()
    assert kept.signer_name == "DEMO FUQARO" and kept.provider == "e-imzo"
    assert kept.answers_sha256 in kept.challenge and kept.pkcs7 == pkcs7


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"pinfl": factories.demo_pinfl(99)}, 400),
        ({"text": "Something else"}, 400),
        ({"days": -1}, 400),
    ],
)
def test_a_signature_that_does_not_fit_sends_nothing(
    signed_in: Client, citizen: User, desk: Desk, signed_form: Draft, authority: MockServer,
    changes: dict[str, Any], status: int,
) -> None:  # fmt: skip
    pkcs7 = signature(signed_in, signed_form, citizen, **changes)
    response = signed_in.post(url(signed_form, "sign"), {"pkcs7": pkcs7})
    assert response.status_code == status and checked(response)
    assert not desk.taken and Draft.objects.filter(pk=signed_form.pk).exists()


def test_a_signature_of_which_a_byte_was_changed_is_none(
    signed_in: Client, citizen: User, desk: Desk, signed_form: Draft, authority: MockServer
) -> None:
    der = bytearray(base64.b64decode(signature(signed_in, signed_form, citizen)))
    der[-3] ^= 1
    response = signed_in.post(
        url(signed_form, "sign"), {"pkcs7": base64.b64encode(bytes(der)).decode()}
    )
    assert response.status_code == 400 and not desk.taken


def test_what_was_signed_before_is_no_signature_of_anything_else(
    signed_in: Client, citizen: User, desk: Desk, signed_form: Draft, authority: MockServer
) -> None:
    """Not of another draft, of other answers, of another version, nor of one that is gone."""
    pkcs7 = signature(signed_in, signed_form, citizen)
    other = start(signed_in, signed_form.version)
    post(signed_in, other, a="bir")
    assert signed_in.post(url(other, "sign"), {"pkcs7": pkcs7}).status_code == 400
    signed_form.refresh_from_db()
    post(signed_in, signed_form, a="ikki", _revision=signed_form.revision)
    assert signed_in.post(url(signed_form, "sign"), {"pkcs7": pkcs7}).status_code == 400
    Draft.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert signed_in.post(url(signed_form, "sign"), {"pkcs7": pkcs7}).status_code == 404
    assert not desk.taken


@pytest.mark.parametrize("pkcs7", ["", "not base64!", "AAAA", "A" * 300_000])
def test_nonsense_is_no_signature(
    signed_in: Client, desk: Desk, signed_form: Draft, authority: MockServer, pkcs7: str
) -> None:
    response = signed_in.post(url(signed_form, "sign"), {"pkcs7": pkcs7})
    assert response.status_code == 400 and not desk.taken


def test_a_provider_that_is_down_keeps_the_answers(
    signed_in: Client, citizen: User, desk: Desk, signed_form: Draft, authority: MockServer
) -> None:
    pkcs7 = signature(signed_in, signed_form, citizen)
    authority.broken = True
    response = signed_in.post(url(signed_form, "sign"), {"pkcs7": pkcs7})
    assert response.status_code == 503 and not desk.taken
    with pytest.raises(providers.ProviderDown):
        HttpProvider("http://127.0.0.1:9", seconds=1).verify("x", "AAAA")


def test_an_answer_that_is_changed_after_signing_asks_for_a_new_signature(
    citizen: User, desk: Desk
) -> None:
    version = version_of(question("a"), signature_required=True)
    draft = fill_draft(services.start_draft(citizen, version), {"a": "bir"})
    assert Signature.objects.count() == 1
    draft.answers = {"a": "ikki"}
    draft.save()
    with pytest.raises(services.Unsigned):
        send(draft, language="uz")
    services.save_step(draft, "one", {"a": "uch"}, revision=draft.revision)
    assert Signature.objects.count() == 0
