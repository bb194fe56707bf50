"""PlayMobile (smsxabar.uz): basic authentication, a batch of one message with our own id.

Its interface as reference/protocols.md §5.2 has it.
"""

from __future__ import annotations

import base64
import json

from django.conf import settings

from operations.calls import Uncertain, post
from operations.sms import Receipt, Refused

_REFUSED = frozenset({400, 401, 402, 403, 404, 405, 422, 429, 503})


class PlayMobileGateway:
    """Sends through settings.SMS_PLAYMOBILE: `url`, `login`, `password`, `originator`."""

    def send(self, message_id: str, phone: str, text: str) -> Receipt:
        """One message. A refusal comes as 400 with an `error_code`."""
        conf = settings.SMS_PLAYMOBILE
        message = {
            "recipient": phone.lstrip("+"),
            "message-id": message_id,
            "sms": {"originator": conf["originator"], "content": {"text": text}},
        }
        pair = base64.b64encode(f"{conf['login']}:{conf['password']}".encode()).decode()
        answer = post(
            conf["url"],
            json.dumps({"messages": [message]}, ensure_ascii=False).encode(),
            {"Authorization": f"Basic {pair}", "Content-Type": "application/json; charset=utf-8"},
        )
        if answer.status in _REFUSED:
            raise Refused(f"HTTP {answer.status}")
        if answer.status != 200:
            raise Uncertain(f"HTTP {answer.status}")
        # A page of somebody's proxy is 200 too: what does not say so was not clearly taken.
        said = answer.body.strip().decode("utf-8", "replace")
        if said and said.lower() not in {"request is received", "ok"} and not said.startswith("{"):
            raise Uncertain("nonsense")
        if said.startswith("{") and "error_code" in answer.json():
            raise Refused("error_code")
        return Receipt(message_id)
