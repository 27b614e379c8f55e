"""Plots as SVG, drawn without a library or a script. Pure."""

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 56, 210, 34, 44
COLOURS = (
    "#1b6ca8",
    "#c0492f",
    "#3c7d3c",
    "#8a5a9e",
    "#b07d12",
    "#2f8f8f",
    "#7a7a7a",
    "#d16d9e",
    "#5b5bd6",
    "#946b4a",
)

Line = Sequence[tuple[float, float]]
"""(x, y), x ascending."""


def lines(
    title: str, x: str, y: str, series: Mapping[str, Line], *, logarithmic: bool = False
) -> str:
    """One line by name; `y` begins at zero. `logarithmic`: the x axis, whose values are above zero."""
    xs = sorted({one for line in series.values() for one, _ in line})
    top = _ceiling(max((value for line in series.values() for _, value in line), default=0.0))
    place = math.log10 if logarithmic else float
    low, high = (place(xs[0]), place(xs[-1])) if xs else (0.0, 1.0)

    def at(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (
            (place(value) - low) / (high - low) if high > low else 0.5
        )

    marks = [
        *(_tick_x(at(value), f"{value:g}") for value in xs),
        *_grid(top),
        *(
            _drawn(number, name, [(at(a), _y(b, top)) for a, b in line])
            for number, (name, line) in _numbered(series)
        ),
    ]
    return _figure(title, x, y, marks)


def bars(title: str, y: str, columns: Mapping[str, Mapping[str, float]]) -> str:
    """One column by name, its parts on top of each other."""
    parts = list(dict.fromkeys(part for column in columns.values() for part in column))
    top = _ceiling(max((sum(column.values()) for column in columns.values()), default=0.0))
    room = (WIDTH - LEFT - RIGHT) / max(1, len(columns))
    marks = _grid(top)
    for place, (name, column) in enumerate(columns.items()):
        left, below = LEFT + room * place + room * 0.2, 0.0
        for number, part in enumerate(parts):
            value = column.get(part, 0.0)
            upper, lower = _y(below + value, top), _y(below, top)
            marks.append(
                f'<rect x="{left:.1f}" y="{upper:.1f}" width="{room * 0.6:.1f}" height="{lower - upper:.1f}" '
                f'fill="{_colour(number)}"><title>{escape(name)}, {escape(part)}: {value:.2f}</title></rect>'
            )
            below += value
        marks.append(_tick_x(left + room * 0.3, name))
    marks += [_legend(number, part) for number, part in enumerate(parts)]
    return _figure(title, "", y, marks)


def _figure(title: str, x: str, y: str, marks: Sequence[str]) -> str:
    axes = (
        f'<text x="{LEFT}" y="18" class="title">{escape(title)}</text>'
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 6}" text-anchor="middle">{escape(x)}</text>'
        f'<text transform="translate(12 {(TOP + HEIGHT - BOTTOM) / 2:.0f}) rotate(-90)" '
        f'text-anchor="middle">{escape(y)}</text>'
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg">{axes}{"".join(marks)}</svg>'
    )


def _drawn(number: int, name: str, points: Sequence[tuple[float, float]]) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_colour(number)}"/>' for x, y in points
    )
    line = f'<polyline points="{path}" fill="none" stroke="{_colour(number)}" stroke-width="2"/>'
    return line + dots + _legend(number, name)


def _legend(number: int, name: str) -> str:
    x, y = WIDTH - RIGHT + 14, TOP + 8 + 18 * number
    square = f'<rect x="{x}" y="{y - 9}" width="10" height="10" fill="{_colour(number)}"/>'
    return f'{square}<text x="{x + 15}" y="{y}">{escape(name)}</text>'


def _grid(top: float) -> list[str]:
    marks = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _y(top * share, top)
        marks.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
        )
        marks.append(
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{top * share:g}</text>'
        )
    return marks


def _tick_x(x: float, text: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{escape(text)}</text>'
    )


def _y(value: float, top: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)


def _ceiling(value: float) -> float:
    """The next of 1, 2, 4, 10 times a power of ten, so that quarters read well; 1 for next to
    nothing.
    """
    if value < 1e-300:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 10) if step * power >= value * (1 - 1e-12))


def _numbered(series: Mapping[str, Line]) -> list[tuple[int, tuple[str, Line]]]:
    return list(enumerate(series.items()))


def _colour(number: int) -> str:
    return COLOURS[number % len(COLOURS)]
