"""ASGI entry: `uvicorn portal.asgi:application` with `site` and the root on the path."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")
application = get_asgi_application()
