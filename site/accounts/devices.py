"""Devices in words: what a browser says of itself is no language of people."""

from __future__ import annotations

from django.utils.translation import gettext as _

#: Sign in the user agent → name; the first that fits: most browsers call themselves others, too.
BROWSERS = (
    ("Edg", "Microsoft Edge"),
    ("OPR/", "Opera"),
    ("Opera Mini", "Opera Mini"),
    ("Opera", "Opera"),
    ("YaBrowser", "Yandex Browser"),
    ("SamsungBrowser", "Samsung Internet"),
    ("UCBrowser", "UC Browser"),
    ("UCWEB", "UC Browser"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def named(user_agent: str) -> str:
    """`Chrome, Android`; what is known of it, else that nothing is."""
    found = [
        next((name for sign, name in signs if sign in user_agent), "")
        for signs in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(name for name in found if name) or _("Unknown device")
