"""The numbers of a profile that the workbench moves, and a profile whose numbers were moved, as a file. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import yaml

from discovery.mappings.profiles import Profile
from discovery.model.signals import SHARES

FIELDS = "fields."


@dataclass(frozen=True, slots=True)
class Knob:
    """One number. `path` as in the file, such as `fields.name` or `signals.distance.weight`; a slider's bounds."""

    path: str
    value: float
    low: float
    high: float
    step: float

    @property
    def section(self) -> str:
        """The profile's section that it stands in."""
        return self.path.partition(".")[0]

    @property
    def name(self) -> str:
        """Its path within the section."""
        return self.path.partition(".")[2]


@dataclass(frozen=True, slots=True)
class _Number:
    """How a number is read from a profile and put into one."""

    read: Callable[[Profile], float]
    put: Callable[[Profile, float], Profile]
    high: float
    step: float


def _plain(name: str, high: float, step: float) -> _Number:
    def put(profile: Profile, value: float) -> Profile:
        changed: dict[str, Any] = {name: value}
        return replace(profile, **changed)

    return _Number(lambda profile: getattr(profile, name), put, high, step)


def _within(part: str, name: str, high: float, step: float) -> _Number:
    def put(profile: Profile, value: float) -> Profile:
        changed: dict[str, Any] = {part: replace(getattr(profile, part), **{name: value})}
        return replace(profile, **changed)

    return _Number(lambda profile: getattr(getattr(profile, part), name), put, high, step)


_NUMBERS: Mapping[str, _Number] = {
    "match.tie_breaker": _plain("tie_breaker", 1, 0.05),
    "equivalences.weight": _plain("equivalence_weight", 1, 0.05),
    "typos.weight": _within("typos", "weight", 1, 0.05),
    "tiers.sea.factor": _plain("sea", 1, 0.001),
    "signals.text.weight": _within("text", "weight", 1, 0.01),
    "signals.text.alone": _within("text", "alone", 1, 0.01),
    "signals.text.full": _within("text", "full", 100, 1),
    "signals.distance.weight": _within("distance", "weight", 1, 0.01),
    "signals.distance.alone": _within("distance", "alone", 1, 0.01),
    "signals.distance.near_km": _within("distance", "near_km", 200, 1),
    "signals.distance.far_km": _within("distance", "far_km", 1000, 5),
    **{f"signals.{name}.weight": _plain(name, 0.5, 0.01) for name in SHARES},
    "signals.freshness.weight": _within("freshness", "weight", 0.5, 0.01),
}
_TIERS = {"trade": 60.0, "place": 6.0, "circle": 6.0}
"""With the most that their best step can be."""
_TIER_STEP = 0.5
_FIELD_HIGH, _FIELD_STEP = 6.0, 0.1
_LEAST = {"signals.distance.near_km": 1.0, "signals.distance.far_km": 5.0, "signals.text.full": 1.0}
"""What can't be zero."""


def knobs(profile: Profile) -> list[Knob]:
    """Fields first, in the profile's order, then tiers, then what combines the fields, then the signals."""
    found = [Knob(FIELDS + name, weight, 0.0, max(_FIELD_HIGH, weight), _FIELD_STEP) for name, weight in profile.fields]
    found += [knob for part, most in _TIERS.items() for knob in _steps(profile, part, most)]
    for path, number in _NUMBERS.items():
        value = float(number.read(profile))
        found.append(Knob(path, value, _LEAST.get(path, 0.0), max(number.high, value), number.step))
    return found


def _steps(profile: Profile, part: str, most: float) -> Iterator[Knob]:
    """Those of a tier, each within half of the way to its neighbours: the better stays the better, whatever is moved.
    Without those that can't move."""
    steps = asdict(getattr(profile, part))
    values = [*steps.values()]
    for at, (name, value) in enumerate(steps.items()):
        low = (value + values[at + 1]) / 2 if at + 1 < len(values) else 0.0
        high = (value + values[at - 1]) / 2 if at else max(most, value)
        if low < high:
            yield Knob(f"tiers.{part}.{name}", value, low, high, _TIER_STEP)


def tuned(profile: Profile, changes: Mapping[str, float], name: str) -> Profile:
    """The profile under another name, with numbers replaced by path; kept within the knob's bounds.

    Paths that the profile has not are ignored: it may be another one than the changes were made on.
    """
    bounds = {knob.path: knob for knob in knobs(profile)}
    found = replace(profile, name=name)
    for path, wanted in changes.items():
        if path not in bounds:
            continue
        value = min(max(wanted, bounds[path].low), bounds[path].high)
        if path.startswith(FIELDS):
            field = path.removeprefix(FIELDS)
            fields = ((held, value if held == field else weight) for held, weight in found.fields)
            found = replace(found, fields=tuple((held, weight) for held, weight in fields))
        else:
            found = _number(path).put(found, value)
    return found


def _number(path: str) -> _Number:
    if path in _NUMBERS:
        return _NUMBERS[path]
    _, part, name = path.split(".")
    return _within(part, name, _TIERS[part], _TIER_STEP)


def changed(before: Profile, after: Profile) -> dict[str, tuple[float, float]]:
    """Path → (before, after) of the numbers that differ."""
    held = {knob.path: knob.value for knob in knobs(before)}
    now = dict(after.fields)
    told = {
        path: now.get(path.removeprefix(FIELDS)) if path.startswith(FIELDS) else _number(path).read(after)
        for path in held
    }
    return {path: (held[path], value) for path, value in told.items() if value is not None and value != held[path]}


def as_file(base: Profile, after: Profile, label: str, why: str) -> str:
    """YAML of `profiles/<name>.yaml`, which extends `base` by what differs; `why` stands beside every number."""
    sections: dict[str, Any] = {}
    for path in changed(base, after):
        section, _, rest = path.partition(".")
        if section == "fields":
            weight = dict(after.fields)[rest]
            sections.setdefault("fields", {})[rest] = {"weight": weight, "why": why}
        elif section in ("tiers", "signals"):
            part = rest.partition(".")[0]
            sections.setdefault(section, {})[part] = {**_numbers_of(after, part), "why": why}
        elif section == "match":
            sections["match"] = {"mode": "best_field", "tie_breaker": after.tie_breaker, "why": why}
        elif section == "equivalences":
            sections["equivalences"] = {"weight": after.equivalence_weight, "why": why}
        else:
            typos = after.typos
            sections["typos"] = {"minimum_length": typos.minimum_length, "weight": typos.weight, "why": why}
    head = {"name": after.name, "label": {"fr": label, "en": label}, "extends": base.name}
    schema = "# yaml-language-server: $schema=../schemas/profile.schema.json\n"
    return schema + yaml.safe_dump({**head, **sections}, allow_unicode=True, sort_keys=False, width=110)


def _numbers_of(profile: Profile, part: str) -> dict[str, Any]:
    held = getattr(profile, part)
    if isinstance(held, float | int):
        return {"factor" if part == "sea" else "weight": held}
    return {name: getattr(held, name) for name in held.__dataclass_fields__}
