"""What a reload takes in: profiles, grammar, equivalences, spellings, named places, codes, "near", trades,
headings of needs, potential, close trades."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from discovery.config import yamlfile
from discovery.config.close import FILE as CLOSE
from discovery.config.close import Close, read_close
from discovery.config.crosswalk import Codes, codes_files, read_codes
from discovery.config.equivalences import Equivalences
from discovery.config.grammar import Grammar
from discovery.config.grammar_files import grammar_files, read_grammar
from discovery.config.headings import FILE as HEADINGS
from discovery.config.headings import Headings, read_headings
from discovery.config.near import FILE as NEAR
from discovery.config.near import Near, read_near
from discovery.config.places import places_files, read_places
from discovery.config.potential import FILE as POTENTIAL
from discovery.config.potential import Thresholds, read_potential
from discovery.config.problems import MappingsError, Problem
from discovery.config.profile_schema import ProfileFile, ProfileSchema
from discovery.config.profiles import Profile
from discovery.config.trades import Trades, read_trades, trades_files
from discovery.gazetteer.named_places import NamedPlaces
from discovery.gazetteer.names import normalise

DEFAULT_PROFILE = "balanced"
EQUIVALENCES, SPELLED = "synonyms/words.txt", "spelled.txt"


@dataclass(frozen=True, slots=True)
class Tuning:
    """The files that a reload takes in, read.

    `spelled`: folded words that are right as they are, however near to others. `grammar`, `trades`, `potential` None
    = not usable.
    """

    profiles: Mapping[str, Profile]
    equivalences: Equivalences
    spelled: frozenset[str]
    grammar: Grammar | None
    places: NamedPlaces
    codes: Codes
    near: Near
    trades: Trades | None
    headings: Headings
    potential: Thresholds | None
    close: Close


def tuning_files(folder: Path) -> list[Path]:
    """The files that `read_tuning` reads, where they exist."""
    profiles = sorted((folder / "profiles").glob("*.yaml"))
    words = (
        folder / EQUIVALENCES,
        folder / SPELLED,
        folder / NEAR,
        folder / CLOSE,
        folder / HEADINGS,
        folder / POTENTIAL,
    )
    return [
        *profiles,
        *grammar_files(folder),
        *words,
        *places_files(folder),
        *codes_files(folder),
        *trades_files(folder),
    ]


def read_tuning(folder: Path, text_fields: Iterable[str] | None, problems: list[Problem]) -> Tuning:
    """Read all that a reload takes in. Faults are appended to `problems`. `text_fields` None = not known: what
    profiles say of them is not checked."""
    written = {}
    for file in sorted((folder / "profiles").glob("*.yaml")):
        try:
            written[file] = yamlfile.load(file, ProfileSchema())
        except MappingsError as error:
            problems += error.problems
    return Tuning(
        profiles=_profiles(folder, written, None if text_fields is None else sorted(text_fields), problems),
        equivalences=Equivalences.read(folder / EQUIVALENCES, problems),
        spelled=_spelled(folder / SPELLED, problems),
        grammar=read_grammar(folder, problems),
        places=read_places(folder, problems),
        codes=read_codes(folder, problems),
        near=read_near(folder, problems),
        trades=read_trades(folder, problems),
        headings=read_headings(folder, problems),
        potential=read_potential(folder, problems),
        close=read_close(folder, problems),
    )


def _profiles(
    folder: Path, written: Mapping[Path, ProfileFile], text_fields: list[str] | None, problems: list[Problem]
) -> dict[str, Profile]:
    unread = {problem.file for problem in problems}
    faults: list[Problem] = []

    def fault(file: Path, where: tuple[str, ...], said: str, fix: str) -> None:
        faults.append(Problem(file, yamlfile.line(file, where), f"{'.'.join(where)}: {said}", fix))

    whole = {one.name: one for one in written.values() if one.extends is None}
    profiles = {}
    for file, one in written.items():
        if one.name != file.stem:
            fault(file, ("name",), f"'{one.name}' is not the file's name", f"rename the file {one.name}.yaml, or this")
        for name in one.sections.get("fields", {}) if text_fields is not None else ():
            if name not in (text_fields or ()):
                said = f"'{name}' is no text field of suppliers.json"
                fault(file, ("fields", name), said, f"one of {', '.join(text_fields or ())}")
        base = None if one.extends is None else whole.get(one.extends)
        if one.extends is not None and base is None:
            if (folder / "profiles" / f"{one.extends}.yaml") in unread:  # told already
                continue
            said = f"'{one.extends}' is no profile, or extends another one itself"
            fault(file, ("extends",), said, f"one of {', '.join(sorted(whole))}")
        else:
            profiles[one.name] = one.complete(base)
    if DEFAULT_PROFILE not in profiles and not problems and not faults:
        said = f"no profile named '{DEFAULT_PROFILE}'"
        faults.append(Problem(folder / "profiles", 0, said, "add it: it is the default"))
    problems += faults
    return profiles


def _spelled(file: Path, problems: list[Problem]) -> frozenset[str]:
    """One word a line. An absent file holds none."""
    found = set()
    for number, raw in enumerate(file.read_text(encoding="utf-8").splitlines() if file.exists() else (), 1):
        word = raw.split("#", 1)[0].strip()
        if not word:
            continue
        folded = normalise(word).split()
        if len(folded) != 1:
            problems.append(Problem(file, number, f"'{word}' is not one word", "one word a line"))
        else:
            found.add(folded[0])
    return frozenset(found)
