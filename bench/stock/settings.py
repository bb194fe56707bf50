"""As in production where it matters for sending: no debugging, limits on, tasks queued."""

import os

from portal.settings.test import *  # noqa: F403
from portal.settings.test import INSTALLED_APPS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "wagtail.contrib.forms", "bench.stock"]
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
RATELIMIT_ENABLE = True
STORAGES["private"]["OPTIONS"]["location"] = os.environ["BENCH_FILES"]
# A closed port is a mail server that is down.
EMAIL_BACKEND = os.environ.get("BENCH_MAIL", "django.core.mail.backends.dummy.EmailBackend")
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", 9
