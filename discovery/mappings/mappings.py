"""`mappings/` parsed into one object: the definition of the index, vocabulary, grammar, profiles,
equivalences.
"""

import hashlib
import json
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from discovery.disk_cache import cached
from discovery.errors import MappingsError, Problem
from discovery.mappings import files as rows
from discovery.mappings import yamlfile
from discovery.mappings.crosswalk import Codes
from discovery.mappings.equivalences import Equivalences
from discovery.mappings.files import file_of, packaged_mappings, read_files
from discovery.mappings.grammar import Grammar, sections
from discovery.mappings.profiles import DEFAULT_PROFILE, Near, Profile, ProfileFile
from discovery.mappings.purchases import Figures, Headings, Law, NoticesFile
from discovery.mappings.trades import Close, Trades, WebsitesFile
from discovery.mappings.vocabulary import LIST_ENTRIES, Vocabulary, indexed
from discovery.model import dataclass, field, fields, replace
from discovery.places import gazetteer
from discovery.places.model import NamedPlaces
from discovery.places.resolve_places import Fault, NamesFile, resolve

_A_SLUG = "use a slug of vocabulary/sectors/"
Read = Mapping[str, Mapping[Path, Any]]
"""Path of a row of `files` → its files with their content."""


@dataclass(frozen=True, slots=True)
class Mappings:
    """The folder `mappings/`, parsed and checked.

    `index`: `suppliers.json` with the files it names still named by path, relative to `path`.

    `vocabulary_fingerprint` changes with what is indexed of the vocabulary and of `codes` (a
    rebuild); profiles, the grammar, equivalences, the words never corrected (`spelled`, folded),
    `near`, analysts' `places`, what `codes` mean, `headings`, `notices`, `law`, `figures`, `close`
    and `usual` are read at search time (a reload); `columns` by each import, `websites` by each
    pull of sites.
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
    notices: NoticesFile
    law: Law
    figures: Figures
    spelled: frozenset[str] = frozenset()
    places: NamedPlaces = NamedPlaces()
    codes: Codes = Codes()
    close: Close = Close({})
    usual: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    websites: WebsitesFile = field(default_factory=WebsitesFile)

    def profile(self, name: str = DEFAULT_PROFILE) -> Profile:
        return self.profiles[name]

    def retuned(self) -> "Mappings":
        """These mappings with the files that a reload takes in read again. Raises MappingsError
        when one of them can't be used.
        """
        problems: list[Problem] = []
        read = read_files(self.path, problems, lambda row: row.reread)
        parts = _reread_parts(self.path, read, _text_fields(self.index), problems)
        if problems:
            raise MappingsError(problems)
        return replace(self, **parts)


def load_mappings(path: Path | None = None) -> Mappings:
    """Parse the whole folder. Raises MappingsError, which lists what is wrong in all of its files
    at once.
    """
    own = packaged_mappings()
    if path is not None and path != own:
        return _read(path)
    return cached(__file__, partial(_read, own), folder=own)


def _read(folder: Path) -> Mappings:
    if not folder.is_dir():
        raise MappingsError(
            [Problem(folder, 0, "no such folder", "point DISCOVERY_MAPPINGS at a mappings folder")]
        )
    problems = rows.unread(folder)
    read = read_files(folder, problems)
    index = _only(read, rows.INDEX)
    parts = _reread_parts(folder, read, _text_fields(index) if index else None, problems)
    if problems:
        raise MappingsError(problems + _of_another_version(folder, problems))
    vocabulary = _vocabulary(read)
    mappings = Mappings(
        path=folder,
        index=index,
        vocabulary=vocabulary,
        vocabulary_fingerprint=_digest(indexed(vocabulary, parts["codes"])),
        columns=_only(read, rows.COLUMNS) or {},
        websites=_only(read, rows.WEBSITES) or WebsitesFile(),
        **parts,
    )
    problems += _cross_check(mappings)
    if problems:
        raise MappingsError(problems)
    return mappings


def _of_another_version(folder: Path, problems: list[Problem]) -> list[Problem]:
    """What to do with a whole copy of the package's files that no longer fits this version: several
    are at fault.
    """
    if len(rows.layers(folder)) > 1 or len({problem.file for problem in problems}) == 1:
        return []
    fix = f"keep the files that you changed and remove the others, {rows.INDEX} first: the package's stand for them"
    return [Problem(folder, 0, "a whole copy of another version's files", fix)]


def _only(read: Read, path: str) -> Any:
    """The content of a row of one file; None when it is absent or can't be used."""
    return next(iter(read[path].values()), None)


def _vocabulary(read: Read) -> Vocabulary:
    kinds = _only(read, rows.KINDS)
    groups = read[rows.SECTORS].values()
    lists = {
        name: {term.value: term for term in _only(read, f"vocabulary/{name}.yaml")}
        for name in LIST_ENTRIES
    }
    own = {item.name for item in fields(Vocabulary)}
    return Vocabulary(
        kinds={kind.value: kind for kind in kinds.kinds},
        hidden_kinds=frozenset(kinds.hidden),
        kind_groups={group.value: group for group in kinds.groups},
        families={family.value: family for family in kinds.families},
        sector_groups={group.value: group for group, _ in groups},
        sectors={sector.value: sector for _, sectors in groups for sector in sectors},
        presumed_km=_only(read, rows.PRESUMED_ZONES),
        own_words=_only(read, rows.OWN_WORDS),
        more={name: terms for name, terms in lists.items() if name not in own},
        **{name: terms for name, terms in lists.items() if name in own},
    )


def _reread_parts(
    folder: Path, read: Read, text_fields: Iterable[str] | None, problems: list[Problem]
) -> dict[str, Any]:
    """The fields of `Mappings` that a reload takes in; None where their files can't be used, as
    `problems` tell.
    """

    def joined(make: Any, *paths: str) -> Any:
        contents = [_only(read, path) for path in paths]
        return None if None in contents else make(*contents)

    return {
        "profiles": _profiles(folder, read[rows.PROFILES], text_fields, problems),
        "equivalences": _only(read, rows.EQUIVALENCES),
        "spelled": _only(read, rows.SPELLED),
        "grammar": joined(Grammar, *(f"grammar/{name}.yaml" for name in sections())),
        "places": _places(folder, read, problems),
        "codes": joined(Codes.of, rows.CPV, rows.ROME),
        "near": _only(read, rows.NEAR),
        "trades": joined(Trades.of, rows.CLASSIFIER, rows.EXAMPLES),
        "headings": _only(read, rows.HEADINGS),
        "notices": _only(read, rows.NOTICES),
        "law": _only(read, rows.LAW),
        "figures": _only(read, rows.FIGURES),
        "close": _only(read, rows.CLOSE) or Close({}),
        "usual": _only(read, rows.USUAL) or {},
    }


def _places(folder: Path, read: Read, problems: list[Problem]) -> NamedPlaces:
    """Analysts' areas and names, resolved; none while one of their files can't be used. An absent
    file holds none.
    """
    files = (file_of(folder, rows.AREAS), file_of(folder, rows.NAMES))
    if {problem.file for problem in problems} & {*files}:
        return NamedPlaces()
    texts = {
        file: file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        for file in files
    }
    areas, names = _only(read, rows.AREAS), _only(read, rows.NAMES) or NamesFile()
    faults: list[Fault] = []
    named = resolve(areas.areas if areas else (), names, gazetteer(), faults)
    for fault in faults:
        file, line = _where(texts, fault.text)
        problems.append(Problem(file, line, fault.said, fault.fix))
    return named


def _profiles(
    folder: Path,
    written: Mapping[Path, ProfileFile],
    text_fields: Iterable[str] | None,
    problems: list[Problem],
) -> dict[str, Profile]:
    """The profiles by name. `text_fields` None = not known: what profiles say of them is not
    checked.
    """
    unread = {problem.file for problem in problems}
    faults: list[Problem] = []

    def fault(file: Path, where: tuple[str, ...], said: str, fix: str) -> None:
        faults.append(Problem(file, yamlfile.line(file, where), f"{'.'.join(where)}: {said}", fix))

    whole = {profile.name: profile for profile in written.values() if profile.extends is None}
    known = None if text_fields is None else sorted(text_fields)
    profiles = {}
    for file, profile in written.items():
        if profile.name != file.stem:
            said = f"'{profile.name}' is not the file's name"
            fault(file, ("name",), said, f"rename the file {profile.name}.yaml, or this")
        for name in profile.fields or ():
            if known is not None and name not in known:
                said = f"'{name}' is no text field of suppliers.json"
                fault(file, ("fields", name), said, f"one of {', '.join(known)}")
        base = None if profile.extends is None else whole.get(profile.extends)
        if profile.extends is not None and base is None:
            if file_of(folder, f"profiles/{profile.extends}.yaml") in unread:  # told already
                continue
            said = f"'{profile.extends}' is no profile, or extends another one itself"
            fault(file, ("extends",), said, f"one of {', '.join(sorted(whole))}")
        else:
            profiles[profile.name] = profile.complete(base)
    if DEFAULT_PROFILE not in profiles and not problems and not faults:
        said = f"no profile named '{DEFAULT_PROFILE}'"
        faults.append(Problem(folder / "profiles", 0, said, "add it: it is the default"))
    problems += faults
    return profiles


def _text_fields(index: dict[str, Any]) -> tuple[str, ...]:
    properties = index["mappings"].get("properties", {})
    return tuple(name for name, field in properties.items() if field.get("type") == "text")


def _cross_check(mappings: Mappings) -> Iterator[Problem]:
    """What no single file can tell: names that other files must know."""
    vocabulary, folder, codes = mappings.vocabulary, mappings.path, mappings.codes
    kinds, sectors, groups = (
        vocabulary.kinds,
        vocabulary.sectors.keys(),
        vocabulary.sector_groups.keys(),
    )
    every_sector = sectors | groups

    def unknown(
        path: str,
        names: Iterable[str],
        known: Container[str],
        said: str,
        fix: str = "",
        *where: str | int,
    ) -> Iterator[Problem]:
        """A problem for each name that is not known; `{}` of `said` is the name, `where` its place
        in the file.
        """
        file = file_of(folder, path)
        for name in names:
            if name not in known:
                yield Problem(
                    file, yamlfile.line(file, where) if where else 0, said.replace("{}", name), fix
                )

    of_kinds = "use a code of kinds.yaml"
    for family in vocabulary.families.values():
        said = f"families: '{family.value}' names an unknown kind '{{}}'"
        yield from unknown(rows.KINDS, family.kinds, kinds, said, "use a code of `kinds:`")
    presumed, hidden = vocabulary.presumed_km.keys(), vocabulary.hidden_kinds
    far = "the kind '{}' has no distance"
    yield from unknown(
        rows.PRESUMED_ZONES, sorted(kinds), presumed | hidden, far, "add it, with its `why`"
    )
    yield from unknown(
        rows.PRESUMED_ZONES, sorted(presumed), kinds, "'{}' is an unknown kind", of_kinds
    )
    for term in vocabulary.service_types.values():
        instead = (kind for one in term.instead for kind in one.kinds)
        yield from unknown(
            rows.SERVICE_TYPES,
            instead,
            kinds,
            f"{term.value}, instead: unknown kind '{{}}'",
            of_kinds,
        )
    for kind, percent in mappings.usual.items():
        yield from unknown(rows.USUAL, [kind], kinds, "'{}' is an unknown kind", of_kinds)
        yield from unknown(
            rows.USUAL, percent, groups, f"{kind}: '{{}}' is an unknown group of sectors", _A_SLUG
        )
    for naf in vocabulary.naf.values():
        yield from unknown(
            rows.NAF, naf.sectors, sectors, f"'{naf.value}' points to an unknown sector '{{}}'"
        )
    for source in vocabulary.sources.values():
        said = f"'{source.value}' tells of an unknown certification '{{}}'"
        labels = {"", *vocabulary.certifications}
        yield from unknown(
            rows.SOURCES, [source.certification], labels, said, "use a slug of certifications.yaml"
        )
    for article, named in mappings.grammar.legal.articles.items():
        said, fix = (
            f"articles: '{article}' names an unknown kind '{{}}'",
            f"one of {', '.join(kinds)}",
        )
        yield from unknown("grammar/legal.yaml", named, kinds, said, fix, "articles")
    for path, meanings in ((rows.CPV, codes.cpv), (rows.ROME, codes.rome)):
        for meaning in meanings.values():
            said = f"'{meaning.prefix}' points to an unknown sector '{{}}'"
            yield from unknown(path, meaning.all, every_sector, said, _A_SLUG)
    told = (slug for word in vocabulary.own_words.told for slug in word.sectors)
    percents, natures = mappings.figures.labour_percent, mappings.law.natures
    for path, slugs, known, said in (
        (rows.CPV, sorted(codes.without_cpv), sectors, "without_code: '{}' is an unknown sector"),
        (
            rows.FIGURES,
            sorted(percents),
            groups | {"other"},
            "labour_percent: '{}' is an unknown group of sectors",
        ),
        (
            rows.LAW,
            sorted({*chain(*natures.values())}),
            every_sector,
            "natures: '{}' is an unknown sector",
        ),
        (rows.OWN_WORDS, dict.fromkeys(told), every_sector, "'{}' is an unknown sector"),
        (
            rows.CLOSE,
            dict.fromkeys(mappings.close.slugs()),
            every_sector,
            "'{}' is an unknown sector",
        ),
    ):
        yield from unknown(path, slugs, known, said, _A_SLUG)
    for index, reading in enumerate(mappings.grammar.neighbours.readings):
        said, slugs = (
            "readings: '{}' is an unknown sector",
            sorted({*reading.means, *reading.beside}),
        )
        yield from unknown(
            "grammar/neighbours.yaml", slugs, every_sector, said, _A_SLUG, "readings", index
        )
    if not groups:
        yield Problem(
            folder / "vocabulary" / "sectors", 0, "no sector files", "one file per group of sectors"
        )
    for slug in sorted(sectors & groups):
        yield Problem(
            folder / "vocabulary" / "sectors",
            0,
            f"'{slug}' is both a sector and a group",
            "rename one",
        )


def _digest(content: Any) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, default=sorted)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _where(texts: Mapping[Path, list[str]], text: str) -> tuple[Path, int]:
    """Where a text stands; the first file as a whole when it can't be told."""
    for file, lines in texts.items():
        for number, line in enumerate(lines, 1):
            if text in line:
                return file, number
    return next(iter(texts)), 0
