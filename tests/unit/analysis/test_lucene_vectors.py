"""Our analysis against Lucene's own classes: every token, offset and position of the committed
vectors.

How they are made: tools/lucene/README.md. No difference is accepted.
"""

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from discovery.engine.analysis import Analysis
from discovery.engine.analysis.filters import ascii_fold, lower_case
from tests.examples import WHOLE

VECTORS = Path(__file__).parent / "vectors"
ANALYZERS = sorted(path.name.removesuffix(".json.gz") for path in VECTORS.glob("*.json.gz"))
SHORT = slice(None, None, 1 if WHOLE else 4)
ANALYZERS = [name for name in ANALYZERS if name not in {"block", "texts"}]


@cache
def read(name: str) -> Any:
    return json.loads(gzip.decompress((VECTORS / f"{name}.json.gz").read_bytes()))


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    """The block that the vectors were made with, whatever `mappings/` has become since."""
    return Analysis.from_settings(read("block"))


def test_every_analyzer_of_the_block_has_vectors(analysis: Analysis) -> None:
    assert set(ANALYZERS) == set(analysis.analyzers)
    assert {"french", "folded", "standard_alone", "stem_alone"} <= set(ANALYZERS)


@pytest.mark.parametrize("analyzer", ANALYZERS)
def test_tokens_equal_lucene(analysis: Analysis, analyzer: str) -> None:
    texts = read("texts")
    vectors = read(analyzer)
    assert len(vectors) > 800
    vectors = vectors[SHORT]
    differences = [
        (texts[number], expected, actual)
        for number, expected in vectors
        if (actual := [list(token) for token in analysis.tokens(analyzer, texts[number])])
        != expected
    ]
    assert not differences, (
        f"{len(differences)} of {len(vectors)} texts differ; first: {differences[:3]}"
    )


@pytest.mark.parametrize("analyzer", ANALYZERS)
def test_terms_equal_lucene(analysis: Analysis, analyzer: str) -> None:
    """The fast path has its own way; a second pass, from memory, says the same."""
    texts = read("texts")
    for _ in range(2):
        for number, expected in read(analyzer)[SHORT]:
            assert analysis.terms(analyzer, texts[number]) == [token[0] for token in expected]


def test_lower_case_and_folding_equal_lucene_for_every_character() -> None:
    lines = (
        gzip.decompress((VECTORS / "characters.tsv.gz").read_bytes()).decode("utf-8").splitlines()
    )
    rows = (line.split("\t") for line in lines)
    changed = {int(code, 16): (chr(int(lower, 16)), folded) for code, lower, folded in rows}
    assert len(changed) > 2000
    for code in {*changed, *range(0x3000), *range(0x3000, 0x110000, 1 if WHOLE else 16)}:
        if not 0xD800 <= code <= 0xDFFF:
            expected = changed.get(code, (chr(code), chr(code)))
            assert (lower_case(chr(code)), ascii_fold(chr(code))) == expected, f"U+{code:04X}"
