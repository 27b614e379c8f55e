"""The written material of the sample, read once from `data/`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from tools.sample.draws import Weighted
from tools.sample.french import gerund, we

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is


@dataclass(frozen=True, slots=True)
class Act:
    """What is done, in three forms: `laver des draps`, `lavons des draps`, `lavant des draps`."""

    infinitive: str
    we: str
    gerund: str


@dataclass(frozen=True, slots=True)
class Trade:
    """What suppliers of one sector write. `offers` are noun phrases, `says` sentences.

    `naf`: the codes under which this very trade is registered, where there are any.
    """

    sector: str
    group: str
    offers: tuple[str, ...]
    acts: tuple[Act, ...]
    says: tuple[str, ...]
    naf: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KindHabits:
    """How suppliers of one kind are. `service_types` by sector group; `lends`: their trade is
    staffing, mostly.
    """

    code: str
    sectors: Weighted[str]
    service_types: Mapping[str, Weighted[str]]
    lends: bool
    scopes: Weighted[str]
    legal_forms: Weighted[str]
    networks: Weighted[str]
    people: tuple[int, int]
    naf: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupHabits:
    """What suppliers of a group of sectors tend to have."""

    certifications: Weighted[str]
    build: float


@dataclass(frozen=True, slots=True)
class Material:
    """All the written material.

    `by_group`: the sectors of each group, in the order of the files.
    """

    trades: Mapping[str, Trade]
    by_group: Mapping[str, tuple[str, ...]]
    kinds: Weighted[KindHabits]
    groups: Mapping[str, GroupHabits]
    phrases: Mapping[str, Any]
    names: Mapping[str, Any]


@cache
def material() -> Material:
    """What invented suppliers are made of, out of the files beside."""
    folder = resources.files("tools.sample") / "data"

    def read(name: str) -> Any:
        return yaml.load((folder / name).read_text(encoding="utf-8"), _LOADER)  # noqa: S506 - a safe loader

    codes = read("naf.yaml")
    trades: dict[str, Trade] = {}
    by_group: dict[str, tuple[str, ...]] = {}
    groups = {
        name: GroupHabits(Weighted.of(of["certifications"]), of["build"])
        for name, of in read("groups.yaml").items()
    }
    for group in groups:
        written = read(f"sectors/{group}.yaml")
        by_group[group] = tuple(written)
        for sector, of in written.items():
            acts = tuple(Act(act, we(act), gerund(act)) for act in of["acts"])
            trades[sector] = Trade(
                sector,
                group,
                tuple(of["offers"]),
                acts,
                tuple(of["says"]),
                tuple(codes.get(sector, ())),
            )
    kinds = [
        (_kind(code, of, by_group, groups), of["share"]) for code, of in read("kinds.yaml").items()
    ]
    return Material(
        trades, by_group, Weighted(kinds), groups, read("phrases.yaml"), read("names.yaml")
    )


def _kind(
    code: str,
    of: Mapping[str, Any],
    by_group: Mapping[str, tuple[str, ...]],
    groups: Mapping[str, GroupHabits],
) -> KindHabits:
    weights = {group: of["groups"].get(group, 1.0) for group in by_group}
    # Within a group its "other" sector is rare: people choose a trade that has a name.
    sectors = [
        (
            sector,
            weights[group]
            * (0.3 if sector.startswith("autre-") and len(sectors) > 1 else 1.0)
            / len(sectors),
        )
        for group, sectors in by_group.items()
        for sector in sectors
    ]
    types: Mapping[str, float] = of["service_types"]
    least, most = of["people"]
    return KindHabits(
        code,
        sectors=Weighted(sectors),
        service_types={
            group: Weighted(
                (name, weight * (groups[group].build if name == "BUILD" else 1.0))
                for name, weight in types.items()
            )
            for group in by_group
        },
        lends=types.get("DISP", 0.0) > sum(types.values()) / 2,
        scopes=Weighted.of(of["scopes"]),
        legal_forms=Weighted.of(of["legal_forms"]),
        networks=Weighted.of(of["networks"]),
        people=(least, most),
        naf=tuple(of["naf"]),
    )
