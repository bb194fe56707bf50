"""Where files that nobody may reach by an address are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured

#: What may follow the bucket; keys and secrets are botocore's own environment variables.
_KNOWN = frozenset({"endpoint_url", "region_name", "addressing_style"})


def private_storage(url: str, folder: Path) -> dict[str, Any]:
    """The entry of STORAGES: a folder where `url` is empty, else
    `s3://BUCKET[/PREFIX][?endpoint_url=…&region_name=…&addressing_style=path]`.

    Raises ImproperlyConfigured on any other address.
    """
    if not url:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder, "base_url": None, "file_permissions_mode": 0o600},
        }
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    if parts.scheme != "s3" or not parts.netloc or options.keys() - _KNOWN:
        raise ImproperlyConfigured("PRIVATE_STORAGE_URL is s3://BUCKET[/PREFIX][?endpoint_url=…]")
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "default_acl": "private",
            "file_overwrite": False,
            "querystring_auth": True,
            **options,
        },
    }
