"""Hold compose.yaml, Dockerfile and deploy/nginx.conf against each other and the project.

No Docker and no nginx is needed: the files are read and what they name is looked up.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
#: Each service the portal needs, and what its image is called (None: built here).
SERVICES: dict[str, str | None] = {
    "web": None,
    "worker": None,
    "scheduler": None,
    "db": "postgres",
    "search": "elasticsearch",
    "cache": "valkey",
    "proxy": "nginx",
}
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


def image_problem(image: str) -> str | None:
    """What is wrong with an image's name: it must say which version."""
    name, _, tag = image.rpartition(":")
    if "@sha256:" in image:
        return None
    if not name or "/" in tag:
        return f"image {image} has no tag"
    if tag == "latest":
        return f"image {image} is not pinned"
    return None


def compose_problems(root: Path, compose: dict[str, Any]) -> Iterator[str]:
    """What is wrong with compose.yaml."""
    services: dict[str, dict[str, Any]] = compose["services"]
    declared = set(compose.get("volumes") or {})
    for name, image in SERVICES.items():
        if name not in services:
            yield f"compose.yaml: service {name} is missing"
        elif image and image not in services[name].get("image", ""):
            yield f"compose.yaml: service {name} does not run {image}"
    for name, service in services.items():
        where = f"compose.yaml: service {name}"
        if "build" in service:
            build = service["build"]
            build = {"context": build} if isinstance(build, str) else build
            file = root / build.get("context", ".") / build.get("dockerfile", "Dockerfile")
            if not file.is_file():
                yield f"{where}: build file {build.get('dockerfile', 'Dockerfile')} does not exist"
        elif "image" not in service:
            yield f"{where} has neither image nor build"
        if "image" in service and (problem := image_problem(service["image"])):
            yield f"{where}: {problem}"
        if "healthcheck" not in service:
            yield f"{where} has no healthcheck"
        for file in _many(service.get("env_file")):
            named = file["path"] if isinstance(file, dict) else file
            # The real file holds secrets and is not committed; its example must be.
            if not ((root / named).exists() or (root / f"{named}.example").exists()):
                yield f"{where}: neither {named} nor {named}.example exists"
        for volume in _many(service.get("volumes")):
            source = volume["source"] if isinstance(volume, dict) else volume.split(":")[0]
            if source.startswith("."):
                if not (root / source).exists():
                    yield f"{where}: {source} does not exist"
            elif source not in declared:
                yield f"{where}: volume {source} is not declared"
        for needed in service.get("depends_on") or {}:
            if needed not in services:
                yield f"{where} depends on {needed}, which does not exist"
    yield from _role_problems(services)
    yield from _variable_problems(root)


def _role_problems(services: dict[str, dict[str, Any]]) -> Iterator[str]:
    """What serves people does not work under the database's owner, who could change the journal."""
    owner = (services.get("db", {}).get("environment") or {}).get("POSTGRES_USER", "")
    for name in ("web", "worker", "scheduler"):
        url = (services.get(name, {}).get("environment") or {}).get("DATABASE_URL", "")
        if url.partition("://")[2].partition(":")[0] == owner:
            yield f"compose.yaml: service {name} works under the owner of the database"
    if "limit_rights" not in str(services.get("migrate", {}).get("command", "")):
        yield "compose.yaml: service migrate does not limit the rights of the site's role"


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _variable_problems(root: Path) -> Iterator[str]:
    """Each ${VARIABLE} of compose.yaml is explained in .env.example."""
    example = root / ".env.example"
    known = example.read_text() if example.exists() else ""
    text = (root / "compose.yaml").read_text()
    for name in sorted(set(re.findall(r"(?<!\$)\$\{(\w+)", text))):
        if not re.search(rf"^#?\s*{name}=", known, re.MULTILINE):
            yield f"compose.yaml: ${{{name}}} is not in .env.example"


def dockerfile_problems(root: Path) -> Iterator[str]:
    """What is wrong with the Dockerfile."""
    text = (root / "Dockerfile").read_text().replace("\\\n", " ")
    ignored = _docker_ignore(root)
    stages: set[str] = set()
    user = ""
    for line in text.splitlines():
        instruction, _, rest = line.strip().partition(" ")
        match instruction.upper():
            case "FROM":
                words = rest.split()
                if words[0] not in stages and (problem := image_problem(words[0])):
                    yield f"Dockerfile: {problem}"
                if len(words) > 2 and words[1].upper() == "AS":
                    stages.add(words[2])
                user = ""
            case "COPY" | "ADD":
                words = rest.split()
                if any(word.startswith("--from=") for word in words):
                    continue
                for source in [word for word in words if not word.startswith("--")][:-1]:
                    if not list(root.glob(source.removeprefix("./"))):
                        yield f"Dockerfile: COPY {source}: does not exist"
                    elif ignored(source.removeprefix("./")):
                        yield f"Dockerfile: COPY {source}: .dockerignore leaves it out"
            case "USER":
                user = rest.strip()
    if user.split(":")[0] in {"", "root", "0"}:
        yield "Dockerfile: the last stage runs as root"


def _docker_ignore(root: Path) -> Any:
    """Whether .dockerignore leaves out a path: the last matching line decides."""
    path = root / ".dockerignore"
    lines = path.read_text().split("\n") if path.exists() else []
    rules = [line.strip() for line in lines if line.strip() and not line.startswith("#")]

    def ignored(name: str) -> bool:
        out = False
        for rule in rules:
            if fnmatch(name, rule.removeprefix("!").rstrip("/")):
                out = not rule.startswith("!")
        return out

    return ignored


def nginx_problems(root: Path, services: dict[str, Any]) -> Iterator[str]:
    """What is wrong with deploy/nginx.conf."""
    text = (root / "deploy" / "nginx.conf").read_text()
    statements, problem = nginx_statements(text)
    if problem:
        yield f"nginx.conf: {problem}"
        return
    upstreams = {words[1] for words in statements if words[0] == "upstream"}
    for words in statements:
        if words[0] == "server" and len(words) > 1 and words[1].partition(":")[0] not in services:
            yield f"nginx.conf: upstream {words[1]} is no service of compose.yaml"
        if words[0] == "proxy_pass":
            host = words[1].removeprefix("http://").partition("/")[0].partition(":")[0]
            if host not in upstreams and host not in services:
                yield f"nginx.conf: proxy_pass {words[1]} names no upstream"
    limits = {_bytes(words[1]) for words in statements if words[0] == "client_max_body_size"}
    allowed = django_body_limit(root)
    if limits != {allowed}:
        yield f"nginx.conf: client_max_body_size is {limits or 'not set'}, Django's is {allowed}"


def nginx_statements(text: str) -> tuple[list[list[str]], str | None]:
    """The words of each statement and block head, and what is wrong with the syntax.

    House rule: a statement stands on one line, so that a forgotten semicolon is seen.
    """
    for line in re.sub(r"#[^\n]*", "", text).splitlines():
        if line.strip() and not line.rstrip().endswith((";", "{", "}")):
            return [], f"'{line.strip()}' does not end with ;"
    tokens = re.findall(r"#[^\n]*|'[^']*'|\"[^\"]*\"|[{};]|[^\s{};\"']+", text)
    statements: list[list[str]] = []
    words: list[str] = []
    depth = 0
    for token in tokens:
        if token.startswith("#"):
            continue
        if token not in {"{", "}", ";"}:
            words.append(token)
            continue
        if token == "}" and not words:
            depth -= 1
            if depth < 0:
                return statements, "a } too many"
            continue
        if not words or token == "}":
            return statements, f"a {token} that follows '{' '.join(words)}'"
        statements.append(words)
        words = []
        depth += token == "{"
    return statements, "a } is missing" if depth or words else None


def _bytes(text: str) -> int:
    match = re.fullmatch(r"(\d+)([kmg]?)", text.lower())
    return int(match[1]) * _UNITS[match[2]] if match else -1


def django_body_limit(root: Path) -> int:
    """MAX_REQUEST_BYTES of the settings, read without importing them."""
    tree = ast.parse((root / "site" / "portal" / "settings" / "base.py").read_text())
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "MAX_REQUEST_BYTES":
            product = 1
            for part in ast.unparse(node.value).split("*"):
                product *= int(part.strip().replace("_", ""))
            return product
    return -1


def problems(root: Path) -> list[str]:
    """One line for everything that is wrong."""
    try:
        compose = yaml.safe_load((root / "compose.yaml").read_text())
        services = compose["services"]
    except (yaml.YAMLError, OSError, KeyError, TypeError) as error:
        return [f"compose.yaml cannot be read: {error}"]
    return [
        *compose_problems(root, compose),
        *dockerfile_problems(root),
        *nginx_problems(root, services),
    ]


def main() -> int:
    """Returns 1 where there is a problem."""
    found = problems(ROOT)
    for line in found:
        sys.stderr.write(line + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
