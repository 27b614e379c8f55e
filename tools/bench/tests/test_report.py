"""The report: the same figures as text, JSON and HTML."""

import json
from dataclasses import replace
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from tests.pages.reading import tree
from tools.bench import plots
from tools.bench.figures import ALL, EDGE, FLOOR, SERVICE, Load, Memory, Phrases, Run, Times
from tools.bench.report import Report, as_json, html, tables, text

SVG = "{http://www.w3.org/2000/svg}"

names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
values = st.floats(0, 1e6)


def run(size: int, edge: float, engine: str = "embedded") -> Run:
    times = {
        kind: {FLOOR: Times(9, 2.0, 3.0), SERVICE: Times(9, 4.0, 6.0), EDGE: Times(9, edge, 9.25)}
        for kind in ("place", ALL)
    }
    return Run(
        engine,
        size,
        cold={"place": {EDGE: Times(3, 40.5, 41.0)}},
        warm=times,
        stages={"parse": 0.5, "engine": 2.0, "rest": 0.25},
        loads=(Load(1, 150.0, 6.0, 8.0, 5.5), Load(4, 310.0, 12.0, 20.0, 5.75)),
        memory=Memory(190.4, 120.0),
        trips=1.25,
        feed={"rebuild": 5_432.1},
        first={"parse": 1.75, "rest": 0.5},
        phrases={"first": {"place": Phrases(9.5, 7.25, 6.0, 5.375)}, "warm": {}},
    )


REPORT = Report(
    {"version": "9.9 <dev>"},
    [run(10_000, 5.0), run(20_000, 6.0)],
    {"embedded/10000": {"place": {"edge/floor p50": 5.0}}},
)


def test_every_figure_is_in_the_text() -> None:
    told = text(REPORT)
    for figure in (
        "9.9 <dev>",
        "40.50",
        "5.00",
        "310",
        "5.75",
        "190",
        "5432",
        "1.25",
        "2.50 (0.50)",
        "1.75",
        "2.25",
        "0.62",
    ):
        assert figure in told, figure
    assert "embedded 10000 → 20000" in told
    assert "1.20" in told, "growth from 5 to 6 ms"


def test_columns_line_up() -> None:
    block = next(
        block
        for block in text(REPORT).split("\n\n")
        if block.startswith("embedded/10000: ms, warm")
    )
    _, head, *rows = block.splitlines()
    assert len({len(line) for line in (head, *rows)}) == 1


def test_json_is_plain_and_whole() -> None:
    found = json.loads(json.dumps(as_json(REPORT)))
    assert [one["size"] for one in found["runs"]] == [10_000, 20_000]
    assert found["runs"][0]["ratios"]["place"]["edge/floor p50"] == 2.5
    assert found["runs"][0]["warm"]["place"]["edge"] == {"count": 9, "p50": 5.0, "p95": 9.25}
    assert found["against_recorded"] == {"embedded/10000": {"place": {"edge/floor p50": 0.5}}}
    assert found["growth"]["embedded 10000 → 20000"]["place"] == 1.2


def test_the_page_has_three_plots_every_table_and_no_script() -> None:
    page = html(REPORT)
    assert page.count("<svg") == 3
    assert page.count("<table>") == len(tables(REPORT))
    assert "9.9 &lt;dev&gt;" in page
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", ""), "it loads nothing"
    assert tree(page).every("h1")


def test_what_was_not_measured_has_no_table_and_no_plot() -> None:
    bare = replace(
        run(10, 5.0), cold={}, stages={}, loads=(), memory=None, feed={}, first={}, phrases={}
    )
    report = Report({}, [bare], {})
    titles = [table.title for table in tables(report)]
    assert not [
        title
        for title in titles
        if title.startswith(
            ("Throughput", "Growth", "Feeding", "Idle", "Share", "What", "The same")
        )
    ]
    assert html(report).count("<svg") == 1
    assert "(" not in "".join(
        cell for table in tables(report) for row in table.rows for cell in row
    )


@given(
    series=st.dictionaries(
        names, st.lists(st.tuples(st.floats(1, 1e6), values), max_size=4), max_size=4
    )
)
def test_lines_stay_in_the_picture_whatever_the_values(
    series: dict[str, list[tuple[float, float]]],
) -> None:
    drawn = {name: sorted(line) for name, line in series.items()}
    picture = ElementTree.fromstring(plots.lines("T & t", "x", "y", drawn, logarithmic=True))
    circles = list(picture.iter(f"{SVG}circle"))
    assert len(circles) == sum(map(len, drawn.values()))
    for circle in circles:
        assert plots.LEFT - 0.1 <= float(circle.attrib["cx"]) <= plots.WIDTH - plots.RIGHT + 0.1
        assert plots.TOP - 0.1 <= float(circle.attrib["cy"]) <= plots.HEIGHT - plots.BOTTOM + 0.1


@given(columns=st.dictionaries(names, st.dictionaries(st.sampled_from("abc"), values), max_size=4))
def test_bars_stand_on_each_other(columns: dict[str, dict[str, float]]) -> None:
    picture = ElementTree.fromstring(plots.bars("T", "ms", columns))
    parts = [one for one in picture.iter(f"{SVG}rect") if one.find(f"{SVG}title") is not None]
    every = {part for column in columns.values() for part in column}
    assert len(parts) == len(columns) * len(every)
    heights: dict[str, float] = {}
    for one in parts:
        heights[one.attrib["x"]] = heights.get(one.attrib["x"], 0.0) + float(one.attrib["height"])
        assert float(one.attrib["height"]) >= 0
    assert all(
        height <= plots.HEIGHT - plots.TOP - plots.BOTTOM + 0.5 for height in heights.values()
    )
