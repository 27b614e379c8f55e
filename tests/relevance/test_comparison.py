"""Two evaluations side by side, in numbers, in text and as a page."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

from tools.judge.comparison import as_dict, compare, deltas
from tools.judge.evaluation import MEASURES, Evaluation, Result
from tools.judge.report import bars, comparison_page, evaluation_page
from tools.judge.tables import comparison_table, evaluation_table, query_table

TOP = tuple(f"s{number}" for number in range(10))


def result(
    id_: str, ndcg: float, group: str = "free", ids: tuple[str, ...] = TOP, q: str = ""
) -> Result:
    split = "held" if id_ < "m" else "tune"
    measures = dict.fromkeys(MEASURES, ndcg)
    return Result(id_, q or id_, group, split, ids, (3,) * len(ids), len(ids), 5, 2.0, measures)


ONE = Evaluation("balanced", "sample", "embedded", (
    result("a", 0.5), result("b", 0.9, "geo"), result("c", 0.7), result("z", 0.4, q="<b>linge</b>"),
    Result("no", "rien", "nothing", "held", (), (), 0, 0, 1.0, {}),
))  # fmt: skip
OTHER = Evaluation("nearest", "sample", "embedded", (
    result("a", 0.8), result("b", 0.6, "geo", TOP[::-1]), result("c", 0.7), result("z", 0.4, ids=()),
))  # fmt: skip


def test_pairs_are_the_answerable_queries_of_both() -> None:
    found = compare(ONE, OTHER)
    assert [pair.one.id for pair in found.pairs] == ["a", "b", "c", "z"]
    assert [round(pair.delta, 3) for pair in found.pairs] == [0.3, -0.3, 0, 0]
    assert [pair.one.id for pair in found.winners()] == ["a"]
    assert [pair.one.id for pair in found.losers()] == ["b"]


def test_overlap_tells_order_and_membership_apart() -> None:
    same, turned, _, gone = compare(ONE, OTHER).pairs
    assert same.rbo == same.jaccard == 1
    assert turned.jaccard == 1
    assert turned.rbo < 0.6
    assert gone.rbo == gone.jaccard == 0


def test_deltas_by_class_and_over_all() -> None:
    found = {one.name: one for one in deltas(compare(ONE, OTHER))}
    assert list(found) == ["free", "geo", "all", "tune", "held"]
    assert found["all"].queries == 4
    assert found["free"].queries == 3
    assert round(found["geo"].deltas["ndcg@10"], 3) == -0.3
    assert abs(found["all"].deltas["ndcg@10"]) < 1e-9
    assert found["all"].p == 1


def test_a_comparison_with_itself_finds_nothing() -> None:
    found = compare(ONE, ONE)
    assert found.winners() == found.losers() == []
    assert "0 queries win, 0 lose, 4 stay" in found.verdict()


def test_the_verdict_says_whether_it_may_be_luck() -> None:
    better = Evaluation(
        "b", "sample", "embedded", tuple(result(f"q{number:02d}", 0.9) for number in range(12))
    )
    worse = Evaluation(
        "a", "sample", "embedded", tuple(result(f"q{number:02d}", 0.6) for number in range(12))
    )
    assert "more than luck" in compare(worse, better).verdict()
    assert "+0.3000" in compare(worse, better).verdict()
    assert "may be luck" in compare(ONE, OTHER).verdict()


def test_json_has_every_pair() -> None:
    body = as_dict(compare(ONE, OTHER))
    assert [(one["id"], one["a"], one["b"]) for one in body["queries"]] == [
        ("a", 0.5, 0.8), ("b", 0.9, 0.6), ("c", 0.7, 0.7), ("z", 0.4, 0.4),
    ]  # fmt: skip
    assert {one["name"] for one in body["deltas"]} == {"free", "geo", "all", "tune", "held"}


def test_text_has_aligned_columns_and_both_tops() -> None:
    lines = list(evaluation_table(ONE))
    heads = next(line for line in lines if line.startswith("class"))
    held = next(line for line in lines if line.startswith("held"))
    assert len(held) == len(heads)
    assert next(line for line in lines if line.startswith("nothing")).split()[2:6] == ["-"] * 4
    text = "\n".join(comparison_table(compare(ONE, OTHER)))
    assert "Largest wins:" in text
    assert "Largest losses:" in text
    assert re.search(r"3 s0 +3 s9", text)
    worst = list(query_table(ONE.results))[1]
    assert worst.startswith("z ")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def read(page: str) -> _Text:
    found = _Text()
    found.feed(page)
    return found


def test_a_page_shows_every_query_and_runs_nothing() -> None:
    page = read(evaluation_page(ONE))
    assert "script" not in page.tags
    assert "b" not in page.tags
    assert "<b>linge</b>" in page.text
    assert page.tags.count("svg") == 1
    assert page.tags.count("tr") == 1 + 6 + 1 + 4
    assert "rien" not in page.text
    both = read(comparison_page(compare(ONE, OTHER)))
    assert both.text.count("RBO") == 2
    assert "+0.300" in both.text
    assert "-0.300" in both.text


def test_a_bar_is_as_long_as_its_number() -> None:
    svg = ET.fromstring("\n".join(bars([ONE, OTHER])))
    rects = [(float(one.attrib["width"]), one.attrib["fill"]) for one in svg.iter("rect")]
    labels = [one.text for one in svg.iter("text")]
    assert len(rects) == 2 * 5
    free, free_other = rects[0][0], rects[1][0]
    assert abs(free_other / free - (1.9 / 3) / (1.6 / 3)) < 0.01
    assert {"free", "geo", "0.533", "0.633"} <= set(labels)
    assert "geo: 0.90, 0.60" in (svg.findtext("desc") or "")
