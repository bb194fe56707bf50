"""WSGI entry: `gunicorn portal.wsgi` with `site` and the root on the path."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")
application = get_wsgi_application()

# What has been loaded by now stays until the process ends: the collector need not walk through it
# again and again while readers wait.
gc.collect()
gc.freeze()
# What an answer allocates goes when it ends, nearly all of it by counting references: looking for
# cycles after each 700 objects cost five per cent of a sending.
gc.set_threshold(25_000, 50, 100)
