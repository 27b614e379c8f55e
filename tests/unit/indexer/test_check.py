"""Drift: every kind of damage is found, named and repaired."""

from __future__ import annotations

import random

import pytest

from discovery.engine.port import Action
from indexer.context import Context
from indexer.drift import check
from indexer.drift.check import Difference, Kind
from indexer.store import ledger
from tests.unit.indexer.conftest import Put, supplier


def differences(context: Context) -> set[Difference]:
    return set(check.check(context.store, context.serving(), context.builder).differences)


def test_an_index_in_step_shows_no_difference(context: Context, put: Put) -> None:
    put(*(supplier(f"s{number}") for number in range(5)), supplier("hidden", kind="OPCS"))
    context.synchroniser().drain()
    report = check.check(context.store, context.serving(), context.builder)
    assert report.differences == ()
    assert report.checked == 6


def test_what_waits_in_the_ledger_is_not_drift(context: Context, put: Put) -> None:
    put(supplier("a"))
    context.serving().writer().close()
    assert differences(context) == set()


@pytest.fixture
def damaged(context: Context, put: Put) -> Context:
    put(*(supplier(id_) for id_ in ("altered", "fine", "missing")))
    context.synchroniser().drain()
    writer = context.serving()
    other = context.builder.build(supplier("altered", name="Somebody else"))
    ghost = context.builder.build(supplier("ghost"))
    writer.bulk([Action("altered", 900, other), Action("missing", 900, None), Action("ghost", 900, ghost)])
    return context


def test_every_kind_of_damage_is_named(damaged: Context) -> None:
    assert differences(damaged) == {
        Difference("altered", Kind.ALTERED, 900),
        Difference("ghost", Kind.GHOST, 900),
        Difference("missing", Kind.MISSING, 0),
    }


def test_a_repair_is_newer_than_what_the_index_holds(damaged: Context) -> None:
    report = check.check(damaged.store, damaged.serving(), damaged.builder)
    assert check.repair(damaged.store, report) == 3
    assert ledger.counter(damaged.store) > 900
    damaged.synchroniser().drain()
    assert differences(damaged) == set()


def test_a_walk_over_many_batches_finds_random_damage(
    context: Context, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "BATCH", 7)
    put(*(supplier(f"s{number:03}") for number in range(60)))
    context.synchroniser().drain()
    draw = random.Random(4)
    ids = [f"s{number:03}" for number in range(60)]
    lost, changed = set(draw.sample(ids[:30], 8)), set(draw.sample(ids[30:], 8))
    ghosts = {f"g{number:03}" for number in range(9)} | {f"z{number:03}" for number in range(9)}
    writer = context.serving()
    writer.bulk([Action(id_, 5000, None) for id_ in lost])
    writer.bulk([Action(id_, 5000, context.builder.build(supplier(id_, name="x"))) for id_ in changed])
    writer.bulk([Action(id_, 5000, context.builder.build(supplier(id_))) for id_ in ghosts])
    report = check.check(context.store, context.serving(), context.builder)
    assert report.counts() == {"missing": 8, "altered": 8, "ghost": 18}
    assert report.checked == 78
    check.repair(context.store, report)
    context.synchroniser().drain()
    assert differences(context) == set()
