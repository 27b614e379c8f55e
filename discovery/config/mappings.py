"""`mappings/` parsed into one object: the definition of the index, vocabulary, grammar, profiles, equivalences."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

from marshmallow import Schema

from discovery.config import yamlfile
from discovery.config.close import FILE as CLOSE
from discovery.config.close import Close
from discovery.config.crosswalk import Codes, codes_files
from discovery.config.equivalences import Equivalences
from discovery.config.grammar import Grammar
from discovery.config.headings import Headings
from discovery.config.indexed import indexed
from discovery.config.near import Near
from discovery.config.own_words_schema import FILE as OWN_WORDS
from discovery.config.own_words_schema import OwnWordsFile
from discovery.config.places_schema import PresumedZonesFile
from discovery.config.potential import FILE as POTENTIAL
from discovery.config.potential import Thresholds
from discovery.config.problems import MappingsError, Problem
from discovery.config.profiles import Profile
from discovery.config.trades import Trades
from discovery.config.tuning import DEFAULT_PROFILE, Tuning, read_tuning
from discovery.config.vocabulary import Vocabulary
from discovery.config.vocabulary_schema import (
    BandSchema,
    CertificationSchema,
    EvidenceSchema,
    KindsFile,
    NafSchema,
    OriginSchema,
    SectorsFile,
    ServiceTypeSchema,
    TermSchema,
    list_file,
)
from discovery.gazetteer.named_places import NamedPlaces
from discovery.kept import PACKAGE, compiled_beside, kept
from discovery.schema import attributes

LISTS = {
    **{name: TermSchema for name in attributes.LISTS.values() if name not in ("kinds", "kind_groups", "sectors")},
    "certifications": CertificationSchema,
    "service_types": ServiceTypeSchema,
    "employees": BandSchema,
    "evidence": EvidenceSchema,
    "naf": NafSchema,
    "sources": OriginSchema,
}
"""Files of `vocabulary/` that hold one list, and what an entry of it is."""

FORMING = tuple(PACKAGE / name for name in ("config", "schema", "gazetteer"))
"""Folders whose code and data make the mappings of their files."""

_A_SLUG = "use a slug of vocabulary/sectors/"


@dataclass(frozen=True, slots=True)
class Mappings:
    """The folder `mappings/`, parsed and checked.

    `index`: `suppliers.json` with the files it names still named by path, relative to `path`.

    `vocabulary_fingerprint` changes with what is indexed of the vocabulary and of `codes` (a rebuild); profiles, the
    grammar, equivalences, the words never corrected (`spelled`, folded), `near`, analysts' `places`, what `codes`
    mean, `headings`, `potential` and `close` are read at search time (a reload).
    """

    path: Path
    index: dict[str, Any]
    vocabulary: Vocabulary
    profiles: Mapping[str, Profile]
    equivalences: Equivalences
    vocabulary_fingerprint: str
    grammar: Grammar
    near: Near
    trades: Trades
    headings: Headings
    potential: Thresholds
    spelled: frozenset[str] = frozenset()
    places: NamedPlaces = NamedPlaces()
    codes: Codes = Codes()
    close: Close = Close({})

    def profile(self, name: str = DEFAULT_PROFILE) -> Profile:
        """The ranking profile of a name. Raises KeyError when there is none."""
        return self.profiles[name]

    def text_fields(self) -> tuple[str, ...]:
        """Names of the index's text fields, in its order."""
        return _text_fields(self.index)

    def retuned(self) -> Mappings:
        """These mappings with the files that a reload takes in read again. Raises MappingsError when one of them
        can't be used."""
        problems: list[Problem] = []
        tuning = read_tuning(self.path, self.text_fields(), problems)
        if problems:
            raise MappingsError(problems)
        return replace(self, **_parts(tuning))


def packaged_mappings() -> Path:
    """The folder shipped with the package; in a checkout, `mappings/` at its root."""
    installed = Path(str(resources.files("discovery"))) / "_mappings"
    return installed if installed.is_dir() else Path(str(resources.files("discovery"))).parent / "mappings"


def load_mappings(path: Path | None = None) -> Mappings:
    """Parse the whole folder. Raises MappingsError, which lists what is wrong in all of its files at once."""
    own = packaged_mappings()
    if path is not None and path != own:
        return _read(path)
    return kept(compiled_beside(__file__), (own, *FORMING), ("marshmallow", "PyYAML"), partial(_read, own))


def _read(folder: Path) -> Mappings:
    if not folder.is_dir():
        raise MappingsError([Problem(folder, 0, "no such folder", "point DISCOVERY_MAPPINGS at a mappings folder")])
    problems: list[Problem] = []

    def read(name: str, schema: Schema) -> Any:
        try:
            return yamlfile.load(folder / name, schema)
        except MappingsError as error:
            problems.extend(error.problems)
            return None

    index = _read_index(folder / "suppliers.json", problems)
    kinds = read("vocabulary/kinds.yaml", KindsFile())
    lists = {name: read(f"vocabulary/{name}.yaml", list_file(name, entry)()) for name, entry in LISTS.items()}
    files = sorted((folder / "vocabulary" / "sectors").glob("*.yaml"))
    groups = [read(f"vocabulary/sectors/{file.name}", SectorsFile()) for file in files]
    zones = read("places/presumed_zones.yaml", PresumedZonesFile())
    own_words = read(OWN_WORDS, OwnWordsFile())
    tuning = read_tuning(folder, _text_fields(index) if index else None, problems)
    if problems:
        raise MappingsError(problems)

    read_lists = {name: {term.value: term for term in parsed[name]} for name, parsed in lists.items()}
    own = {one.name for one in fields(Vocabulary)}
    vocabulary = Vocabulary(
        kinds={kind.value: kind for kind in kinds["kinds"]},
        hidden_kinds=frozenset(kinds["hidden"]),
        kind_groups={group.value: group for group in kinds["groups"]},
        families={family.value: family for family in kinds["families"]},
        sector_groups={group.value: group for group, _ in groups},
        sectors={sector.value: sector for _, sectors in groups for sector in sectors},
        presumed_km=zones,
        own_words=own_words,
        more={name: terms for name, terms in read_lists.items() if name not in own},
        **{name: terms for name, terms in read_lists.items() if name in own},
    )
    mappings = Mappings(
        path=folder,
        index=index,
        vocabulary=vocabulary,
        vocabulary_fingerprint=_digest(indexed(vocabulary, tuning.codes)),
        **_parts(tuning),
    )
    problems = _cross_check(mappings, files)
    if problems:
        raise MappingsError(problems)
    return mappings


def _read_index(path: Path, problems: list[Problem]) -> dict[str, Any]:
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(Problem(path, 0, "file not found", "restore it from the package"))
        return {}
    except json.JSONDecodeError as error:
        problems.append(Problem(path, error.lineno, f"not valid JSON: {error.msg}"))
        return {}
    problems += [
        Problem(path, 0, f"`{key}` is missing", "see Elasticsearch's create-index body")
        for key in ("settings", "mappings")
        if key not in index
    ]
    return dict(index)


def _text_fields(index: dict[str, Any]) -> tuple[str, ...]:
    properties = index["mappings"].get("properties", {})
    return tuple(name for name, field in properties.items() if field.get("type") == "text")


def _parts(tuning: Tuning) -> dict[str, Any]:
    return {one.name: getattr(tuning, one.name) for one in fields(tuning)}


def _cross_check(mappings: Mappings, sector_files: list[Path]) -> list[Problem]:
    """What no single file can tell: names that other files must know."""
    problems = []
    vocabulary = mappings.vocabulary
    kinds_file = mappings.path / "vocabulary" / "kinds.yaml"
    problems += [
        Problem(
            kinds_file,
            0,
            f"families: '{family.value}' names an unknown kind '{kind}'",
            "use a code of `kinds:`",
        )
        for family in vocabulary.families.values()
        for kind in family.kinds
        if kind not in vocabulary.kinds
    ]
    problems += _presumed(mappings.path / "places" / "presumed_zones.yaml", vocabulary)
    problems += [
        Problem(
            mappings.path / "vocabulary" / "service_types.yaml",
            0,
            f"{term.value}, instead: unknown kind '{kind}'",
            "use a code of kinds.yaml",
        )
        for term in vocabulary.service_types.values()
        for one in term.instead
        for kind in one.kinds
        if kind not in vocabulary.kinds
    ]
    problems += [
        Problem(mappings.path / "vocabulary" / "naf.yaml", 0, f"'{naf.value}' points to an unknown sector '{slug}'")
        for naf in vocabulary.naf.values()
        for slug in naf.sectors
        if slug not in vocabulary.sectors
    ]
    problems += [
        Problem(
            mappings.path / "vocabulary" / "sources.yaml",
            0,
            f"'{source.value}' tells of an unknown certification '{source.certification}'",
            "use a slug of certifications.yaml",
        )
        for source in vocabulary.sources.values()
        if source.certification and source.certification not in vocabulary.certifications
    ]
    problems += [*_unknown_kinds(mappings), *_unknown_sectors(mappings)]
    if not sector_files:
        problems.append(
            Problem(
                mappings.path / "vocabulary" / "sectors",
                0,
                "no sector files",
                "one file per group of sectors",
            )
        )
    shared = vocabulary.sectors.keys() & vocabulary.sector_groups.keys()
    problems += [
        Problem(
            mappings.path / "vocabulary" / "sectors",
            0,
            f"'{slug}' is both a sector and a group",
            "rename one",
        )
        for slug in sorted(shared)
    ]
    return problems


def _unknown_kinds(mappings: Mappings) -> list[Problem]:
    """Kinds that the grammar's legal articles name and the vocabulary doesn't know."""
    file = mappings.path / "grammar" / "legal.yaml"
    known = mappings.vocabulary.kinds
    return [
        Problem(file, yamlfile.line(file, ("articles",)), f"articles: '{article}' names an unknown kind '{kind}'", fix)
        for article, kinds in mappings.grammar.legal.articles.items()
        for kind in kinds
        if kind not in known and (fix := f"one of {', '.join(known)}")
    ]


def _unknown_sectors(mappings: Mappings) -> Iterator[Problem]:
    known = mappings.vocabulary.sectors.keys() | mappings.vocabulary.sector_groups.keys()
    for file, meanings in zip(codes_files(mappings.path), (mappings.codes.cpv, mappings.codes.rome), strict=True):
        for meaning in meanings.values():
            for slug in meaning.all:
                if slug not in known:
                    said = f"'{meaning.prefix}' points to an unknown sector '{slug}'"
                    yield Problem(file, 0, said, _A_SLUG)
    for slug in sorted(mappings.codes.without_cpv - mappings.vocabulary.sectors.keys()):
        yield Problem(codes_files(mappings.path)[0], 0, f"without_code: '{slug}' is an unknown sector", _A_SLUG)
    for slug in sorted(mappings.potential.social.sectors - known):
        yield Problem(mappings.path / POTENTIAL, 0, f"social: '{slug}' is an unknown sector", _A_SLUG)
    for slug in dict.fromkeys(slug for told in mappings.vocabulary.own_words.told for slug in told.sectors):
        if slug not in known:
            yield Problem(mappings.path / OWN_WORDS, 0, f"'{slug}' is an unknown sector", _A_SLUG)
    for slug in dict.fromkeys(mappings.close.slugs()):
        if slug not in known:
            yield Problem(mappings.path / CLOSE, 0, f"'{slug}' is an unknown sector", _A_SLUG)
    file = mappings.path / "grammar" / "neighbours.yaml"
    for index, reading in enumerate(mappings.grammar.neighbours.readings):
        for slug in sorted({*reading.means, *reading.beside} - known):
            said = f"readings: '{slug}' is an unknown sector"
            yield Problem(file, yamlfile.line(file, ("readings", index)), said, _A_SLUG)
    file = mappings.path / "grammar" / "deeds.yaml"
    for index, deed in enumerate(mappings.grammar.deeds.deeds):
        line = yamlfile.line(file, ("deeds", index))
        for slug in sorted({slug for sectors in deed.means.values() for slug in sectors} - known):
            yield Problem(file, line, f"deeds: '{slug}' is an unknown sector", _A_SLUG)
        for thing in sorted(deed.means.keys() - mappings.grammar.deeds.things.keys()):
            yield Problem(file, line, f"deeds: '{thing}' is no class of things", "name one that `things` lists")


def _presumed(file: Path, vocabulary: Vocabulary) -> list[Problem]:
    """Kinds without a distance, and distances without a kind."""
    missing = vocabulary.kinds.keys() - vocabulary.presumed_km.keys() - vocabulary.hidden_kinds
    unknown = vocabulary.presumed_km.keys() - vocabulary.kinds.keys()
    return [
        *(Problem(file, 0, f"the kind '{kind}' has no distance", "add it, with its `why`") for kind in sorted(missing)),
        *(Problem(file, 0, f"'{kind}' is an unknown kind", "use a code of kinds.yaml") for kind in sorted(unknown)),
    ]


def _digest(content: Any) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, default=sorted)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
