"""What counts as a fall, and the file that remembers."""

from dataclasses import replace
from pathlib import Path

import pytest

from discovery.mappings import MappingsError
from tools.judge.baseline import FILE, Baseline, Recorded, falls, held, read, record
from tools.judge.evaluation import MEASURES, Evaluation, Result


def result(id_: str, ndcg: float, split: str = "held") -> Result:
    return Result(id_, id_, "free", split, (), (), 1, 1, 1.0, dict.fromkeys(MEASURES, ndcg))


def evaluation(*results: Result, corpus: str = "sample") -> Evaluation:
    return Evaluation("balanced", corpus, "embedded", results)


BEFORE = Baseline({"sample": Recorded(0.8, {"a": 0.9, "b": 0.7, "t": 0.5})})
SAME = (result("a", 0.9), result("b", 0.7), result("t", 0.5, "tune"))


def told(*results: Result, notes: dict[str, str] | None = None) -> list[str]:
    return list(falls(evaluation(*results), replace(BEFORE, notes=notes or {})))


def test_the_same_holds_and_so_does_better() -> None:
    assert told(*SAME) == []
    assert told(result("a", 1.0), *SAME[1:]) == []
    assert told(*SAME, result("new", 0.8)) == []


def test_a_hundredth_of_the_held_mean_is_the_limit() -> None:
    assert told(result("a", 0.881), *SAME[1:]) == []
    [fault] = told(result("a", 0.879), *SAME[1:])
    assert "held set fell" in fault
    assert "0.8000 to 0.7895" in fault


def test_the_tune_set_may_move_as_long_as_no_query_falls_far() -> None:
    assert told(*SAME[:2], result("t", 0.31, "tune")) == []
    [fault] = told(*SAME[:2], result("t", 0.29, "tune"))
    assert fault.startswith("t fell")


def test_a_note_lets_a_query_fall_but_not_the_mean() -> None:
    fallen = (result("a", 0.6), result("b", 1.0), SAME[2])
    assert told(*fallen, notes={"a": "cantine means canteens now"}) == []
    assert len(told(*fallen, notes={"a": ""})) == 1
    assert len(told(result("a", 0.6), *SAME[1:], notes={"a": "because"})) == 1


def test_a_query_is_not_dropped_in_silence() -> None:
    assert any("t is in the baseline and was not asked" in fault for fault in told(*SAME[:2]))


def test_nothing_recorded_is_a_fault() -> None:
    [fault] = falls(evaluation(*SAME, corpus="real"), BEFORE)
    assert "--record" in fault


def test_what_is_recorded_holds_and_other_corpora_stay(tmp_path: Path) -> None:
    (tmp_path / "judgments").mkdir()
    assert read(tmp_path) == Baseline()
    first, second = evaluation(*SAME), evaluation(result("r", 0.3), corpus="real")
    assert record(tmp_path, first) == record(tmp_path, second) == tmp_path / "judgments" / FILE
    found = read(tmp_path)
    assert found.corpora["sample"] == Recorded(0.8, {"a": 0.9, "b": 0.7, "t": 0.5})
    assert found.corpora["real"].held == held(second) == 0.3
    assert not list(falls(first, found))
    assert not list(falls(second, found))


def test_recording_a_corpus_keeps_the_notes_of_others_and_drops_its_own(tmp_path: Path) -> None:
    (tmp_path / "judgments").mkdir()
    first, second = evaluation(*SAME), evaluation(result("r", 0.3), corpus="real")
    for one in (first, second):
        file = record(tmp_path, one)
    notes = {"r": "Nobody does it any more.", "a": "A canteen is no café."}
    for id_, why in notes.items():
        text = file.read_text(encoding="utf-8")
        head = "notes:\n" if "notes:\n" not in text else ""
        file.write_text(
            text.replace("corpora:\n", f"{head}  {id_}: {why}\ncorpora:\n", 1), encoding="utf-8"
        )
    assert read(tmp_path).notes == notes
    record(tmp_path, first)
    assert read(tmp_path).notes == {"r": notes["r"]}
    assert not list(
        falls(
            evaluation(result("r", 0.0), corpus="real"),
            replace(read(tmp_path), corpora={"real": Recorded(0.0, {"r": 0.3})}),
        )
    )
    record(tmp_path, second)
    assert read(tmp_path) == Baseline(read(tmp_path).corpora)


def test_a_broken_file_is_told_by_line(tmp_path: Path) -> None:
    (tmp_path / "judgments").mkdir()
    (tmp_path / "judgments" / FILE).write_text(
        "corpora:\n  sample: {held: much, queries: {}}\n", encoding="utf-8"
    )
    with pytest.raises(MappingsError, match=r"baseline.yaml:2"):
        read(tmp_path)
