# One image for the web, the worker and the scheduler. Elasticsearch's jars are not in it.
FROM python:3.13-slim-bookworm AS build

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY requirements.txt ./
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r requirements.txt

COPY manage.py ./
COPY site ./site
COPY home ./home
COPY service_pages ./service_pages
COPY forms ./forms
COPY search ./search
COPY locale ./locale
# Catalogues and static files are built here, once; no secret is needed for that.
ENV PYTHONPATH=/app/site:/app
RUN DJANGO_SETTINGS_MODULE=portal.settings.dev /venv/bin/python manage.py compile_messages_polib \
 && DJANGO_SETTINGS_MODULE=portal.settings.dev /venv/bin/python manage.py collectstatic --noinput \
 && /venv/bin/python -m compileall -q site home service_pages forms search


FROM python:3.13-slim-bookworm

RUN groupadd --system --gid 10001 portal \
 && useradd --system --uid 10001 --gid portal --home-dir /app --shell /usr/sbin/nologin portal
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build --chown=root:root /app /app
RUN mkdir -p /app/var/media /app/var/private && chown portal:portal /app/var/media /app/var/private

ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/app/site:/app \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=portal.settings.production
USER portal
EXPOSE 8000
# /healthz answers while the process lives; it needs a host that ALLOWED_HOSTS names.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as u; h = os.environ['ALLOWED_HOSTS'].split(',')[0]; u.urlopen(u.Request('http://127.0.0.1:8000/healthz', headers={'Host': h, 'X-Forwarded-Proto': 'https'}), timeout=4)"]
CMD ["gunicorn", "portal.wsgi:application", "--bind=0.0.0.0:8000", "--workers=3", "--access-logfile=-", "--worker-tmp-dir=/dev/shm"]
