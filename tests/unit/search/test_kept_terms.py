"""Terms kept in a file are those that would be compiled, of the same analysis and the same
vocabulary only.
"""

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from discovery.engine.analysis import Analysis
from discovery.engine.definition import define
from discovery.mappings import Mappings
from discovery.search.reasons import Terms


def test_kept_terms_are_the_compiled_ones(
    mappings: Mappings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    vocabulary, analysis = mappings.vocabulary, define(mappings).analysis
    analyse = partial(analysis.terms, "french")
    compiled = Terms.compile(vocabulary, analyse)
    assert Terms.kept(vocabulary, analyse, analysis.mark) == compiled
    assert Terms.kept(vocabulary, str.split, analysis.mark) == compiled, "read, not made"
    assert Terms.kept(vocabulary, str.split, "") != compiled, (
        "of an analysis that is not known nothing is kept"
    )
    other = replace(vocabulary, naf={})
    assert Terms.kept(other, str.split, analysis.mark) == Terms.compile(other, str.split)


def test_an_analysis_is_marked_by_what_it_reads(mappings: Mappings) -> None:
    body = define(mappings).body["settings"]["analysis"]
    one, same = Analysis.from_settings(body), Analysis.from_settings(dict(reversed(body.items())))
    other = Analysis.from_settings(
        {**body, "analyzer": {**body["analyzer"], "plain": body["analyzer"]["folded"]}}
    )
    assert one.mark == same.mark == one.of_queries().mark != other.mark
    assert Analysis({}).mark == ""
