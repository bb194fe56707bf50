"""Settings of the test suite: quick hashes, mail in memory, files in a temporary folder."""

import tempfile
from pathlib import Path

from portal.settings.dev import *  # noqa: F403
from portal.settings.dev import STORAGES, WAGTAILSEARCH_BACKENDS, env

DEMO = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SMS_GATEWAY = "operations.sms.MemoryGateway"
_FILES = Path(tempfile.gettempdir()) / "portal-tests"
MEDIA_ROOT = _FILES / "media"
PRIVATE_ROOT = _FILES / "private"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STORAGES["private"]["OPTIONS"]["location"] = PRIVATE_ROOT  # type: ignore[index]
RATELIMIT_ENABLE = env.bool("RATELIMIT_ENABLE", default=False)
#: A test of several servers gives its visitors addresses of their own.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
#: Tests count what an uncached page costs.
PAGE_CACHE = False
LOGGING_CONFIG = None
#: Tests of the registry switch it on; most tests know no council.
REGISTRY_NEEDS_DECISION = False
#: The node is for the tests that ask for it: others must not share an index on it.
ELASTICSEARCH_URL = ""
WAGTAILSEARCH_BACKENDS.pop("node", None)
