"""Whether PDF files are PDF/UA-1, by veraPDF, the reference validator.

    .venv/bin/python scripts/verapdf.py FOLDER

fetches it with Maven into .cache/verapdf (Java and Maven must be there), checks every PDF of the
folder and prints a line for each; 1 where one fails, 2 where it cannot run.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".cache" / "verapdf"
VERSION = "1.28.2"
POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>portal</groupId><artifactId>verapdf</artifactId><version>1</version>
<dependencies><dependency><groupId>org.verapdf.apps</groupId>
<artifactId>greenfield-apps</artifactId><version>{VERSION}</version></dependency></dependencies>
</project>"""


def fetched() -> Path:
    """The folder of its jars. Raises CalledProcessError where Maven cannot fetch them."""
    jars = HOME / VERSION
    if not jars.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        (HOME / "pom.xml").write_text(POM)
        command = ["mvn", "-q", "-f", str(HOME / "pom.xml"), "dependency:copy-dependencies"]
        try:
            subprocess.run([*command, f"-DoutputDirectory={jars}"], check=True)
        except subprocess.CalledProcessError:
            shutil.rmtree(jars, ignore_errors=True)
            raise
    return jars


def main() -> int:
    """Check the PDFs of a folder."""
    files = sorted(str(path) for path in Path(sys.argv[1]).glob("*.pdf"))
    if not files or not (shutil.which("java") and shutil.which("mvn")):
        sys.stderr.write("PDF files, Java and Maven are needed.\n")
        return 2
    command = ["java", "-cp", f"{fetched()}/*", "org.verapdf.apps.GreenfieldCliWrapper"]
    made = subprocess.run(
        [*command, "--flavour", "ua1", "--format", "text", *files],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    sys.stdout.write(made.stdout)
    passed = sum(line.startswith("PASS ") for line in made.stdout.splitlines())
    sys.stdout.write(f"{passed} of {len(files)} are PDF/UA-1\n")
    return 0 if passed == len(files) else 1


if __name__ == "__main__":
    sys.exit(main())
