"""Build discovery/mappings/codes/data/cpv.tsv.gz: the 9,454 codes of CPV 2008, labelled in French
and English.

    python -m tools.tables.crosswalk [JAR]      JAR: eforms-sdk, when it is there already

Needs Maven, the network, and nothing else. Same version, same bytes.
"""

import gzip
import html
import re
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "discovery" / "mappings" / "codes" / "data" / "cpv.tsv.gz"
SDK = "eu.europa.ted.eforms:eforms-sdk:1.13.0"
CODES = 9454
ENTRY = re.compile(r'"code\|name\|cpv\.(\d{8})">([^<]*)<')


def fetched() -> Path:
    """The package in Maven's own folder."""
    group, name, version = SDK.split(":")
    subprocess.run(
        ["mvn", "-q", "dependency:get", f"-Dartifact={SDK}", "-Dtransitive=false"], check=True
    )
    return (
        Path.home()
        / ".m2"
        / "repository"
        / group.replace(".", "/")
        / name
        / version
        / f"{name}-{version}.jar"
    )


def labels(jar: zipfile.ZipFile, lang: str) -> dict[str, str]:
    """Code → label."""
    text = jar.read(f"eforms-sdk/translations/code_{lang}.xml").decode("utf-8")
    return {code: " ".join(html.unescape(label).split()) for code, label in ENTRY.findall(text)}


def main() -> None:
    if "--help" in sys.argv:
        sys.exit(print(__doc__))
    with zipfile.ZipFile(sys.argv[1] if len(sys.argv) > 1 else fetched()) as jar:
        french, english = labels(jar, "fr"), labels(jar, "en")
    assert french.keys() == english.keys()
    assert len(french) == CODES, (len(french), len(english))
    lines = [
        "code\tfr\ten",
        *(f"{code}\t{french[code]}\t{english[code]}" for code in sorted(french)),
    ]
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(gzip.compress("\n".join(lines).encode() + b"\n", mtime=0))
    print(f"{TARGET.relative_to(ROOT)}: {CODES} codes, {TARGET.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
