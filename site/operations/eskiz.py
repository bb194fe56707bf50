"""Eskiz (notify.eskiz.uz): a bearer token got by e-mail and password, one message a call.

Its interface as reference/protocols.md §5.1 has it; texts must match templates that Eskiz has
approved, which is the operator's to arrange.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse

from operations.calls import Answer, Uncertain, post
from operations.sms import Receipt, Refused

#: A token lives thirty days; we ask for another one sooner.
TOKEN_SECONDS = 20 * 24 * 3600
_REFUSED = frozenset({400, 401, 402, 403, 404, 405, 422, 429, 503})


class EskizGateway:
    """Sends through settings.SMS_ESKIZ: `url`, `email`, `password`, `sender`."""

    def __init__(self) -> None:
        self.conf = settings.SMS_ESKIZ
        account = f"{self.conf['url']}:{self.conf['email']}"
        self._key = f"sms:eskiz:{hashlib.sha256(account.encode()).hexdigest()[:16]}"

    def send(self, message_id: str, phone: str, text: str) -> Receipt:
        """One message. A token that is no longer taken is renewed once."""
        fields = {
            "mobile_phone": phone.lstrip("+"),
            "message": text,
            "from": self.conf["sender"],
            "user_sms_id": message_id,
        }
        if secret := settings.SMS_CALLBACK_SECRET:
            fields["callback_url"] = settings.BASE_URL + reverse("sms_callback", args=[secret])
        answer = self._post(fields, self._token())
        if answer.status == 401:
            answer = self._post(fields, self._token(anew=True))
        if answer.status in _REFUSED:
            raise Refused(f"HTTP {answer.status}")
        if answer.status != 200:
            raise Uncertain(f"HTTP {answer.status}")
        reference = answer.json().get("id")
        if not isinstance(reference, str) or not reference:
            raise Uncertain("no id")
        return Receipt(reference[:80])

    def _post(self, fields: dict[str, str], token: str) -> Answer:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return post(f"{self.conf['url']}/message/sms/send", json.dumps(fields).encode(), headers)

    def _token(self, *, anew: bool = False) -> str:
        """The token that is kept, or a new one. Raises Refused: nothing was sent yet."""
        kept = None if anew else cache.get(self._key)
        if kept:
            return str(kept)
        body = urlencode({"email": self.conf["email"], "password": self.conf["password"]}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded",
                   "X-Request-Id": uuid.uuid4().hex}  # fmt: skip
        try:
            answer = post(f"{self.conf['url']}/auth/login", body, headers)
            data = answer.json().get("data") if answer.status == 200 else None
        except Uncertain as error:
            raise Refused("no sign-in") from error
        token = data.get("token") if isinstance(data, dict) else None
        if not isinstance(token, str) or not token:
            raise Refused("no token")
        cache.set(self._key, token, TOKEN_SECONDS)
        return token
