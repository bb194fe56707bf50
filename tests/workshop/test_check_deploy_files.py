"""The check of compose.yaml, Dockerfile and nginx.conf finds what is broken in a copy of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scripts.check_deploy_files import ROOT, problems

COPIED = (
    "compose.yaml",
    "Dockerfile",
    ".dockerignore",
    ".env.example",
    "requirements.txt",
    "manage.py",
    "deploy/nginx.conf",
    "deploy/tls/README.md",
    "deploy/errors/503.html",
    "site/portal/settings/base.py",
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in COPIED:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("home", "service_pages", "forms", "search", "locale"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_the_projects_own_files_are_right(copy: Path) -> None:
    assert problems(ROOT) == []
    assert problems(copy) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("compose.yaml", "  cache:\n    image", "  store:\n    image", "service cache is missing"),
        ("compose.yaml", "postgres:18.4-bookworm", "mariadb:11.4", "db does not run postgres"),
        ("compose.yaml", "elasticsearch:9.5.3", "elasticsearch:latest", "is not pinned"),
        ("compose.yaml", "nginx:1.28-bookworm", "nginx", "has no tag"),
        ("compose.yaml", '"valkey-cli", "ping"]', '"valkey-cli"', "cannot be read"),
        ("compose.yaml", "  private:\n", "", "volume private is not declared"),
        ("compose.yaml", "./deploy/tls:", "./deploy/keys:", "./deploy/keys does not exist"),
        ("compose.yaml", "    - .env\n", "    - secrets.env\n", "neither secrets.env nor"),
        ("compose.yaml", "dockerfile: Dockerfile", "dockerfile: Other", "build file Other"),
        ("compose.yaml", "${POSTGRES_PASSWORD:?}", "${DB_SECRET:?}", "${DB_SECRET} is not in"),
        ("compose.yaml", "//portal_site:", "//portal:", "web works under the owner"),
        ("compose.yaml", "limit_rights portal_site", "check", "does not limit the rights"),
        ("compose.yaml", "      cache:\n        condition", "      c:\n        condition", "on c,"),
        ("Dockerfile", "COPY forms ./forms", "COPY blanks ./blanks", "COPY blanks: does not exist"),
        ("Dockerfile", "USER portal\n", "", "runs as root"),
        ("Dockerfile", "USER portal\n", "USER root\n", "runs as root"),
        ("Dockerfile", "python:3.13-slim-bookworm", "python:latest", "is not pinned"),
        (".dockerignore", "!forms\n", "", ".dockerignore leaves it out"),
        (".env.example", "#POSTGRES_PASSWORD=", "#", "${POSTGRES_PASSWORD} is not in .env.example"),
        ("deploy/nginx.conf", "client_max_body_size 26m", "client_max_body_size 1m", "Django's is"),
        ("deploy/nginx.conf", "client_max_body_size 26m;", "", "not set"),
        ("deploy/nginx.conf", "server web:8000", "server app:8000", "upstream app:8000 is no"),
        ("deploy/nginx.conf", "http://portal;", "http://porta;", "names no upstream"),
        ("deploy/nginx.conf", "sendfile on;", "sendfile on", "does not end with ;"),
        ("deploy/nginx.conf", "events {", "events {{", "a { that follows ''"),
        ("deploy/nginx.conf", "worker_processes auto;", "worker_processes auto; }", "too many"),
    ],
)
def test_a_broken_copy_is_told(copy: Path, file: str, old: str, new: str, told: str) -> None:
    text = (copy / file).read_text()
    assert old in text
    (copy / file).write_text(text.replace(old, new))
    assert any(told in line for line in problems(copy)), problems(copy)


def test_an_unbalanced_brace_is_told(copy: Path) -> None:
    file = copy / "deploy/nginx.conf"
    file.write_text(file.read_text().rstrip().removesuffix("}"))
    assert "nginx.conf: a } is missing" in problems(copy)


def test_a_service_without_a_healthcheck_is_told(copy: Path) -> None:
    file = copy / "compose.yaml"
    text = file.read_text()
    start = text.index("    healthcheck:", text.index("\n  cache:\n"))
    file.write_text(text[:start] + "    labels:" + text[start + len("    healthcheck:") :])
    assert "compose.yaml: service cache has no healthcheck" in problems(copy)
