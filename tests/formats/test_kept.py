"""Indices that versions before made, kept as files: those of the last format serve on until they are rebuilt."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from discovery.context import open_engine
from discovery.engine import formats
from discovery.engine.formats import DOCUMENT_FORMAT, ForeignFormatError
from discovery.engine.port import EngineUnavailable, Order
from discovery.mappings import Settings, load_mappings
from indexer.cli import main
from indexer.context import Context
from indexer.indices import rebuild
from indexer.indices.drift import checked
from indexer.intake import import_files
from indexer.store import repository
from tests.formats import kept
from tests.formats.asked import REQUESTS, SAMPLE, answers
from tests.memo import migrated
from tests.unit.indexer.conftest import NOW, supplier
from tools.sample.supplier import generate

READ = [number for number in kept.NUMBERS if number in (DOCUMENT_FORMAT, DOCUMENT_FORMAT - 1)]
BEFORE = [number for number in kept.NUMBERS if number < DOCUMENT_FORMAT]


def test_the_format_before_is_kept() -> None:
    """Whoever changes the format keeps an index of the one before, by `scripts/keep_format`."""
    assert DOCUMENT_FORMAT - 1 in kept.NUMBERS


@pytest.mark.parametrize("number", READ)
def test_it_answers_as_when_it_was_made(number: int, settings: Settings) -> None:
    with closing(open_engine(settings)) as engine:  # type: ignore[type-var]
        assert engine.status().ready
        assert answers(engine) == kept.answers(number)


@pytest.mark.parametrize("number", READ)
def test_what_came_since_is_unknown_and_no_error(number: int, settings: Settings) -> None:
    with closing(open_engine(settings)) as engine:  # type: ignore[type-var]
        for order in Order:
            asked = replace(REQUESTS[4 if order is Order.RELEVANCE else 3], order=order)
            page = engine.search(asked)
            assert page.total == len(page.hits)
            last = page.hits[-1].position
            if last is not None:
                assert engine.search(replace(asked, after=last)).hits == ()


def with_store(settings: Settings) -> Context:
    """The suppliers of the kept index in a store, at the revisions that they had, and one more."""
    context = Context(migrated(settings))
    file = settings.home / "suppliers.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in generate(*SAMPLE)), encoding="utf-8")
    import_files(context.store, [file], mappings=context.mappings, gazetteer=context.gazetteer)
    with context.store.begin() as connection:
        repository.save(connection, [supplier("new", first_listed_at=NOW)], NOW)
    return context


@pytest.mark.parametrize("number", READ)
def test_changes_are_written_to_it(number: int, settings: Settings) -> None:
    """By the version of today, whose documents say more: the index takes what it knows, and nothing differs."""
    context = with_store(settings)
    serving = context.catalog.targets().serving
    report = context.synchroniser().drain()
    assert (report.indexed, report.dead, report.retry) == (SAMPLE[0] + 1, 0, 0)
    assert serving is not None
    assert context.catalog.targets().serving == serving
    with closing(context.catalog.writer_of(serving)) as writer:
        assert writer.status().documents == SAMPLE[0] + 1  # which waits for what was written to be searchable
    with closing(open_engine(settings)) as engine:  # type: ignore[type-var]
        found = engine.get("new")
        assert found is not None
        assert found["public"]["name"] == "Atelier new"
        assert ("first_listed_at" in found) is (number >= 2)
        assert engine.search(REQUESTS[0]).total == kept.answers(number)[0]["total"] + 1
    assert checked(context).differences == ()
    context.close()


@pytest.mark.parametrize("number", BEFORE)
def test_status_tells_that_a_rebuild_is_due_and_a_rebuild_ends_it(
    number: int, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = with_store(settings)
    for name, value in _environment(settings).items():
        monkeypatch.setenv(name, value)
    said = CliRunner().invoke(main, ["status"])
    assert said.exit_code == 0, said.output
    assert "rebuild needed" in said.output
    rebuild.rebuild(context)
    assert not context.rebuild_needed
    said = CliRunner().invoke(main, ["status"])
    assert "rebuild needed" not in said.output
    if number in READ:  # what served is kept, and lets itself be gone back to
        rebuild.rollback(context)
        assert context.rebuild_needed
    context.close()


@pytest.mark.parametrize("number", BEFORE)
def test_one_that_is_too_old_names_the_remedy(number: int, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two formats later: nothing is read, and `indexer status` still tells how things stand."""
    monkeypatch.setattr(formats, "DOCUMENT_FORMAT", number + 2)
    context = with_store(settings)
    serving = context.catalog.targets().serving
    assert serving is not None
    with pytest.raises(ForeignFormatError, match="indexer rebuild"):
        context.catalog.definition_of(serving)
    with closing(open_engine(settings)) as engine:  # type: ignore[type-var]
        assert "indexer rebuild" in engine.status().reason
        with pytest.raises(EngineUnavailable, match="indexer rebuild"):
            engine.analysis()
    for name, value in _environment(settings).items():
        monkeypatch.setenv(name, value)
    said = CliRunner().invoke(main, ["status"])
    assert said.exit_code == 0, said.output
    assert f"{serving}, of a format that this version does not read, rebuild needed" in said.output
    context.close()


def _environment(settings: Settings) -> dict[str, str]:
    found = {"DISCOVERY_HOME": str(settings.home), "DISCOVERY_INDEX_PREFIX": settings.index_prefix}
    return found if settings.embedded else found | {"DISCOVERY_ENGINE": settings.engine}


def test_the_package_is_of_the_format_that_the_program_writes() -> None:
    path: Path = load_mappings().path
    assert f'"format": {DOCUMENT_FORMAT}' in (path / "suppliers.json").read_text(encoding="utf-8")
