"""Settings of a developer's machine and of `make demo`."""

from portal.settings.base import *  # noqa: F403
from portal.settings.base import ALLOWED_HOSTS, FIELD_KEYS, SECRET_KEY, STORAGES, env

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=True)
PAYMENTS_SANDBOX = env.bool("PAYMENTS_SANDBOX", default=DEMO)
#: Only for a machine that serves itself: production refuses this value (portal/checks.py).
SECRET_KEY = SECRET_KEY or "insecure-demo-key-that-production-refuses-to-start-with-0000"
FIELD_KEYS = FIELD_KEYS or ["aW5zZWN1cmUtZGVtby1maWVsZC1rZXktMzItYnl0ZXM="]
ALLOWED_HOSTS = ALLOWED_HOSTS or ["127.0.0.1", "localhost", "[::1]", "testserver"]
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
#: One process serves the demonstration, so it may keep whole answers in its own memory.
PAGE_CACHE = env.bool("PAGE_CACHE", default=not DEBUG)
