"""Writes what Lucene is asked, and packs what it answered (see README.md; `make_vectors` runs
both).
"""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import texts

from discovery.engine.analysis import inline_paths

MAPPINGS = texts.ROOT / "mappings"
VECTORS = texts.ROOT / "tests" / "unit" / "analysis" / "vectors"

# Each component alone, between the simplest others; `french` and `folded` come from
# mappings/suppliers.json.
ALONE: dict[str, dict[str, Any]] = {
    "standard_alone": {"tokenizer": "standard"},
    "whitespace_alone": {"tokenizer": "whitespace"},
    "acronyms_alone": {"char_filter": ["acronyms"], "tokenizer": "whitespace"},
    "elision_alone": {"tokenizer": "whitespace", "filter": ["french_elision"]},
    "lowercase_alone": {"tokenizer": "whitespace", "filter": ["lowercase"]},
    "asciifolding_alone": {"tokenizer": "whitespace", "filter": ["asciifolding"]},
    "stop_alone": {"tokenizer": "standard", "filter": ["lowercase", "snowball_stop"]},
    "stem_alone": {"tokenizer": "whitespace", "filter": ["french_stem"]},
    "override_stem": {"tokenizer": "standard", "filter": ["french_overrides", "french_stem"]},
    "multiword_alone": {"tokenizer": "standard", "filter": ["lowercase", "short_multiword"]},
}
FILTERS: dict[str, dict[str, Any]] = {
    "snowball_stop": {"type": "stop", "stopwords": "_french_"},
    "short_multiword": {
        "type": "synonym_graph",
        "synonyms": [
            "mise sous pli => msp",
            "mise => place",
            "l'a b, a b c => abc",
            "de la => dela",
            "œuvre d => od",
        ],
    },
}


def block() -> dict[str, Any]:
    """The project's analysis block, its files inlined, with the components alone beside it."""
    settings = json.loads((MAPPINGS / "suppliers.json").read_text(encoding="utf-8"))["settings"]
    analysis = inline_paths(
        settings["analysis"], lambda path: (MAPPINGS / path).read_text(encoding="utf-8")
    )
    analysis["filter"] |= FILTERS
    analysis["analyzer"] |= {name: {"type": "custom", **body} for name, body in ALONE.items()}
    return analysis


def ask() -> dict[str, Any]:
    sentences, strings = texts.sentences(), texts.random_strings()
    everything = [*texts.vocabulary(), *texts.communes(), *sentences, *strings, ""]
    asked = {
        "french": everything,
        "folded": everything,
        "standard_alone": [*sentences, *strings, ""],
    }
    for name in ALONE:
        # A few of the strings are enough for filters that look at one word, or one rule, at a time.
        asked.setdefault(name, [*sentences, *strings[::9], ""])
    asked["stem_alone"] = [*texts.words(), *sentences]
    return {"analysis": block(), "texts": asked}


def pack(asked: Path, answered: Path) -> None:
    """One file for the block, one of texts, one of answers an analyzer; small enough to be
    committed.

    An answer is [[text's number, tokens], …], each token [term, start, end, position].
    """
    question, answers = (json.loads(path.read_text(encoding="utf-8")) for path in (asked, answered))
    VECTORS.mkdir(exist_ok=True)
    _write(VECTORS / "block.json.gz", question["analysis"])
    numbers: dict[str, int] = {}
    for name, lists in answers.items():
        asked_here = (numbers.setdefault(text, len(numbers)) for text in question["texts"][name])
        _write(VECTORS / f"{name}.json.gz", list(zip(asked_here, lists, strict=True)))
    _write(VECTORS / "texts.json.gz", list(numbers))


def _write(path: Path, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # No time stamp and no name inside: the same vectors are the same bytes.
    path.write_bytes(gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0))


if __name__ == "__main__":
    command, *paths = sys.argv[1:]
    if command == "ask":
        Path(paths[0]).write_text(json.dumps(ask(), ensure_ascii=False), encoding="utf-8")
    else:
        pack(Path(paths[0]), Path(paths[1]))
