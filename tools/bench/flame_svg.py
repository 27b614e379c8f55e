"""Stacks as a flame graph: one small SVG without a script, to be kept beside the text that speaks
of it. Pure.

A frame is a function, whatever its line; its width is its share of all samples. Frames too narrow
to be read are left out, names are cut to their width, and a frame's title tells it whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape

WIDTH, ROW, LETTER = 1200, 15, 6.1
NARROWEST, LARGEST = 0.004, 60_000
"""Share of all samples below which a frame is not drawn, more where the graph would take more bytes
than that.
"""
COLOURS, OTHERS = {"discovery": "#f2b36b", "indexer": "#9fc7e8"}, "#dcdcdc"
"""By whose code a frame is."""

_FRAME = re.compile(r"^(?P<name>.*) \((?P<file>[^()]*?)(?::\d+)?\)$")


@dataclass(slots=True)
class Frame:
    """A function as called by those above it. `samples`: of it and all that it calls."""

    samples: int = 0
    calls: dict[str, Frame] = field(default_factory=dict)


def tree(stacks: Iterable[str], root: str = "") -> Frame:
    """From lines "outer;inner;… samples", as py-spy writes them. `root`: stacks begin at the first
    frame that holds this text, those without one are left out.
    """
    top = Frame()
    for line in stacks:
        written, _, count = line.rstrip("\n").rpartition(" ")
        names = [_named(one) for one in written.split(";")]
        first = next((at for at, name in enumerate(names) if root in name), None)
        if first is None:
            continue
        frame, samples = top, int(count)
        frame.samples += samples
        for name in names[first:]:
            frame = frame.calls.setdefault(name, Frame())
            frame.samples += samples
    return top


def svg(top: Frame, title: str) -> str:
    """The graph, outer frames above."""
    narrowest = NARROWEST
    while len(graph := _graph(top, title, narrowest)) > LARGEST:
        narrowest *= 1.2
    return graph


def _graph(top: Frame, title: str, narrowest: float) -> str:
    drawn = list(_drawn(top, 0.0, 1, top.samples or 1, narrowest))
    height = (max((depth for _, _, depth, _ in drawn), default=0) + 2) * ROW
    marks = "".join(_mark(name, left, depth, share) for name, left, depth, share in drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="monospace" '
        f'font-size="10">'
        f'<text x="3" y="11">{escape(title)}: {top.samples} samples</text>{marks}</svg>\n'
    )


def _drawn(
    frame: Frame, left: float, depth: int, whole: int, narrowest: float
) -> Iterator[tuple[str, float, int, float]]:
    """(name, left, depth, share) of all that is wide enough, the widest first."""
    for name, inner in sorted(frame.calls.items(), key=lambda one: (-one[1].samples, one[0])):
        share = inner.samples / whole
        if share < narrowest:
            return
        yield name, left, depth, share
        yield from _drawn(inner, left, depth + 1, whole, narrowest)
        left += share


def _mark(name: str, left: float, depth: int, share: float) -> str:
    x, y, width = left * WIDTH, depth * ROW, share * WIDTH
    room = int(width / LETTER) - 1
    label = name.partition(" ")[0][:room] if room > 2 else ""
    text = f'<text x="{x + 2:.0f}" y="{y + 11}">{escape(label)}</text>' if label else ""
    return (
        f'<g><title>{escape(name)}: {share:.1%}</title><rect x="{x:.1f}" y="{y}" width="{max(width - 0.5, 0.5):.1f}" '
        f'height="{ROW - 1}" fill="{_colour(name)}"/>{text}</g>'
    )


def _colour(name: str) -> str:
    return next((COLOURS[whose] for whose in COLOURS if f"({whose}/" in name), OTHERS)


def _named(frame: str) -> str:
    found = _FRAME.match(frame)
    if found is None:
        return frame
    file = found["file"]
    inside = next((file[file.index(f"{one}/") :] for one in COLOURS if f"{one}/" in file), file)
    return f"{found['name']} ({inside})"
