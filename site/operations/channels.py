"""Ways to reach a person. A channel is registered by a name; the outbox hands messages to it."""

from __future__ import annotations

from smtplib import SMTPServerDisconnected
from typing import TYPE_CHECKING, Protocol

from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from operations import sms, wording
from operations.calls import Uncertain

if TYPE_CHECKING:
    from operations.models import OutboxMessage


class Channel(Protocol):
    """A way to reach somebody at an address."""

    code: str
    label: str | Promise

    def hand_over(self, message: OutboxMessage) -> str:
        """Give a message to its server; the server's own name for it, or "".

        Raises Uncertain where it may have been taken; anything else means that it was not.
        """


_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    """Offer a channel, in place of an earlier one of that name."""
    _channels[channel.code] = channel


def get(code: str) -> Channel:
    """The channel of a name. Raises LookupError: a message for it waits until there is one."""
    if code not in _channels:
        raise LookupError(code)
    return _channels[code]


def channels() -> list[Channel]:
    """All channels, in the order of their registering."""
    return list(_channels.values())


def text_of(message: OutboxMessage, part: str) -> str:
    """A part of a message (`subject`, `email`, `sms`) in its language, of the version it was
    queued with."""
    kind = wording.known(message.template)
    if kind is not None:
        return wording.render(
            kind, part, message.language, message.context, message.template_version
        )
    with translation.override(message.language):
        return render_to_string(f"{message.template}.{part}.txt", message.context)


class EmailChannel:
    """Letters through the mail server of the settings."""

    code = "email"
    label: str | Promise = _("e-mail")

    def hand_over(self, message: OutboxMessage) -> str:
        """One letter. A server that goes away in between may have taken it."""
        subject, body = text_of(message, "subject"), text_of(message, "email")
        connection = get_connection()
        connection.open()  # a server that is down is known before anything is handed over
        try:
            letter = EmailMessage(
                " ".join(subject.split()), body, to=[message.address], connection=connection
            )
            letter.send()
        except (TimeoutError, SMTPServerDisconnected) as error:
            raise Uncertain(type(error).__name__) from error
        finally:
            connection.close()
        return ""


class SmsChannel:
    """Short messages through the gateway of the settings."""

    code = "sms"
    label: str | Promise = _("SMS")

    def hand_over(self, message: OutboxMessage) -> str:
        """One message, under our own name for it."""
        return sms.send(message.address, text_of(message, "sms"), f"m{message.pk}").reference


register(EmailChannel())
register(SmsChannel())
