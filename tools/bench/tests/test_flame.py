"""Flame graphs that are small enough to be kept."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.bench.flame import options
from tools.bench.flame_svg import LARGEST, NARROWEST, WIDTH, Frame, svg, tree

SVG = "{http://www.w3.org/2000/svg}"

names = st.sampled_from(
    [
        "search (/a/discovery/search/service.py:12)",
        "b (x.py:1)",
        "c & d (x.py:2)",
        "<e> (y.py:3)",
        "f",
    ]
)
stacks = st.lists(
    st.tuples(st.lists(names, min_size=1, max_size=6), st.integers(1, 500)), max_size=12
)


def lines(found: list[tuple[list[str], int]]) -> list[str]:
    return [f"{';'.join(frames)} {count}\n" for frames, count in found]


def test_lines_of_one_function_are_one_frame_named_without_the_machine_s_folders() -> None:
    top = tree(
        [
            "main (cli.py:1);read (/home/me/work/indexer/store/facts.py:10) 3",
            "main (cli.py:2);b (b.py:7) 2",
        ]
    )
    assert top == Frame(
        5,
        {
            "main (cli.py)": Frame(
                5, {"read (indexer/store/facts.py)": Frame(3), "b (b.py)": Frame(2)}
            )
        },
    )


def test_stacks_begin_where_they_are_told_to() -> None:
    top = tree(
        ["main (a.py:1);answer (wsgi.py:2);b (b.py:3) 4", "main (a.py:1);wait (a.py:9) 90"],
        root="answer",
    )
    assert top == Frame(4, {"answer (wsgi.py)": Frame(4, {"b (b.py)": Frame(4)})})


@given(found=stacks)
def test_a_frame_holds_what_it_calls(found: list[tuple[list[str], int]]) -> None:
    top = tree(lines(found))
    assert top.samples == sum(count for _, count in found)
    waiting = [top]
    while waiting:
        frame = waiting.pop()
        assert sum(inner.samples for inner in frame.calls.values()) <= frame.samples
        waiting += frame.calls.values()


@given(found=stacks)
def test_frames_lie_within_the_picture_beside_each_other(
    found: list[tuple[list[str], int]],
) -> None:
    picture = ElementTree.fromstring(svg(tree(lines(found)), "a & b"))
    rows: dict[str, list[tuple[float, float]]] = {}
    for one in picture.iter(f"{SVG}rect"):
        left = float(one.attrib["x"])
        rows.setdefault(one.attrib["y"], []).append((left, left + float(one.attrib["width"])))
    for row in rows.values():
        row.sort()
        assert row[0][0] >= 0
        assert row[-1][1] <= WIDTH + 0.1
        assert all(before[1] <= after[0] + 0.1 for before, after in pairwise(row))


def test_what_is_too_narrow_to_be_read_is_left_out() -> None:
    many = tree(["wide (a.py:1) 99000", *(f"f{number} (a.py:1) 1" for number in range(1_000))])
    drawn = svg(many, "t")
    assert drawn.count("<rect") == 1
    assert "wide (a.py): 99.0%" in drawn
    assert 1 / many.samples < NARROWEST


def test_a_graph_is_small_enough_to_be_kept_however_many_frames_there_are() -> None:
    deep = tree(
        f"{';'.join(f'function_{number}_{level} (a.py:1)' for level in range(40))} 1"
        for number in range(200)
    )
    drawn = svg(deep, "t")
    assert "<rect" not in drawn, "all are as narrow as the narrowest that is left out"
    wide = tree(
        f"{';'.join(f'function_{number}_{level} (a.py:1)' for level in range(40))} 9"
        for number in range(9)
    )
    assert 0 < len(svg(wide, "t").encode()) <= LARGEST


def test_another_commit_s_code_may_be_looked_into() -> None:
    chosen = options(["500", "--code", "/elsewhere", "--out", "kept"])
    assert (chosen.size, str(chosen.code), str(chosen.out)) == (500, "/elsewhere", "kept")


@pytest.mark.parametrize("title", ["", "answers, 10,000"])
def test_nothing_is_drawn_of_no_samples(title: str) -> None:
    assert "0 samples" in svg(tree([]), title)
