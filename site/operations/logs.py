"""Logs: one JSON object a line, with the request's id and no personal data."""

from __future__ import annotations

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
#: PINFL, STIR, phones, passports, e-mails: whatever a careless line may carry.
_PRIVATE = [
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "[e-mail]"),
    (re.compile(r"\+?998[\s-]?\d{2}[\s-]?\d{3}[\s-]?\d{2}[\s-]?\d{2}\b"), "[phone]"),
    (re.compile(r"\b\d{14}\b"), "[pinfl]"),
    (re.compile(r"\b[A-Z]{2}\s?\d{7}\b"), "[passport]"),
]


def scrub(text: str) -> str:
    """Replace what looks like personal data."""
    for pattern, mark in _PRIVATE:
        text = pattern.sub(mark, text)
    return text


class PrivacyFilter(logging.Filter):
    """Scrubs the message of every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Scrub and let through."""
        record.msg, record.args = scrub(record.getMessage()), ()
        return True


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON. A value that is not JSON is written as its text."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            line["request_id"] = request_id.get()
        for name, value in vars(record).items():
            if name not in _STANDARD and name not in {"request", "server_time", "status_code"}:
                line[name] = scrub(str(value))
        if record.exc_info:
            line["exception"] = scrub(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
