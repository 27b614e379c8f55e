"""Places that analysts name: what their files say, and the groupings of communes that they make.
Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from marshmallow import ValidationError
from marshmallow.validate import Length

from discovery.declared import Sentence, Slug, declared
from discovery.model import dataclass, field
from discovery.places.lookup import Gazetteer
from discovery.places.model import GROUPINGS, Grouping, NamedPlaces, Place
from discovery.places.names import normalise, without_article

_Name = Annotated[str, Length(min=2)]


@declared()
class AreaEntry:
    """An area as analysts wrote it.

    `members`: codes of places. `why`: what makes it a place of its own, or who drew it.
    """

    slug: Slug
    name: _Name
    members: Annotated[tuple[str, ...], Length(min=1)]
    why: Sentence
    names: tuple[_Name, ...] = ()


@declared()
class Adjectives:
    """How a town's adjective names what is around it. `of`: code of a commune → (masculine,
    feminine) forms.

    `body`, `around`: patterns with {m} or {f}, of the intercommunal body and of the arrondissement
    that hold the town.
    """

    body: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    of: Mapping[str, Annotated[tuple[str, ...], Length(equal=2)]] = field(default_factory=dict)

    def parsed(self) -> "Adjectives":
        """Refuse a pattern that has no place for an adjective."""
        for pattern in (*self.body, *self.around):
            if "{m}" not in pattern and "{f}" not in pattern:
                raise ValidationError(f"'{pattern}' has neither {{m}} nor {{f}}", "body")
        return self


@declared()
class AreasFile:
    """`places/areas.yaml`."""

    areas: tuple[AreaEntry, ...]


@declared()
class NamesFile:
    """`places/names.yaml`. `names`: code of a grouping → names that people give it besides."""

    names: Mapping[str, tuple[_Name, ...]] = field(default_factory=dict)
    adjectives: Adjectives = field(default_factory=Adjectives)


TOWN = 2_000
"""Inhabitants of a commune whose name an area may not take."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an entry. `text`: what to look for in the file, to tell the line."""

    text: str
    said: str
    fix: str


def resolve(
    entries: tuple[AreaEntry, ...], others: NamesFile, gazetteer: Gazetteer, faults: list[Fault]
) -> NamedPlaces:
    """Everything that can be used; what cannot is appended to `faults`."""
    known = {entry.slug: entry for entry in entries}
    areas = tuple(_area(entry, known, gazetteer, faults) for entry in entries)
    faults += _repeated(entries)
    names: dict[Place, tuple[str, ...]] = {}
    for place, found in _other_names(others, gazetteer, faults):
        names[place] = tuple(dict.fromkeys((*names.get(place, ()), *found)))
    faults += _hiding(entries, others, gazetteer)
    return NamedPlaces(areas, names)


def _area(
    entry: AreaEntry, known: Mapping[str, AreaEntry], gazetteer: Gazetteer, faults: list[Fault]
) -> Grouping:
    communes: set[str] = set()
    departments: set[str] = set()
    for code in _members(entry, known, faults, (entry.slug,)):
        place = gazetteer.parse_place(code)
        if place is None or place.type in ("postcode", "country"):
            faults.append(Fault(code, f"'{code}' of area:{entry.slug} is no place", _FORM))
            continue
        if (
            place.type == "commune"
            and (commune := gazetteer.commune(place.code))
            and commune.parent
        ):
            faults.append(
                Fault(
                    code, f"'{code}' is an arrondissement of a city, which is searched whole", _CITY
                )
            )
        if place.type == "department":
            departments.add(place.code)
        elif place.type == "region":
            departments |= {one.code for one in gazetteer.departments_of(place.code)}
        else:
            communes |= gazetteer.communes_in(place)
    for department in departments:
        communes -= gazetteer.communes_of_department(department)
    members = " ".join(sorted(communes))
    return Grouping(
        Place("area", entry.slug), entry.name, members, "", entry.names, tuple(sorted(departments))
    )


_FORM = "write commune:…, epci:…, ept:…, arrondissement:…, department:…, region:… or area:…, with a code that exists"
_CITY = "name the city's code"


def _members(
    entry: AreaEntry, known: Mapping[str, AreaEntry], faults: list[Fault], path: tuple[str, ...]
) -> Iterator[str]:
    """Codes of official places, areas replaced by their own members."""
    for code in entry.members:
        kind, _, slug = code.partition(":")
        if kind != "area":
            yield code
        elif slug in path:
            faults.append(
                Fault(
                    code,
                    f"area:{entry.slug} holds itself through '{code}'",
                    "remove it from one of them",
                )
            )
        elif slug not in known:
            faults.append(
                Fault(
                    code,
                    f"'{code}' of area:{entry.slug} is no area of the file",
                    "write it as its slug",
                )
            )
        else:
            yield from _members(known[slug], known, faults, (*path, slug))


def _repeated(areas: Iterable[AreaEntry]) -> Iterator[Fault]:
    """One name, one area: which was meant could not be told."""
    slugs: set[str] = set()
    owners: dict[str, str] = {}
    for entry in areas:
        if entry.slug in slugs:
            yield Fault(entry.slug, f"area:{entry.slug} is given twice", "keep one of them")
        slugs.add(entry.slug)
        for name in (entry.name, *entry.names):
            owner = owners.setdefault(without_article(normalise(name)), entry.slug)
            if owner != entry.slug:
                yield Fault(
                    name,
                    f"'{name}' names area:{entry.slug} and area:{owner}",
                    "keep it where it is meant",
                )


def _other_names(
    others: NamesFile, gazetteer: Gazetteer, faults: list[Fault]
) -> Iterator[tuple[Place, tuple[str, ...]]]:
    for code, names in others.names.items():
        place = gazetteer.parse_place(code)
        if place is None or place.type not in GROUPINGS:
            said = f"'{code}' is no intercommunal body, territorial establishment or arrondissement"
            faults.append(
                Fault(
                    code, said, "write epci:…, ept:… or arrondissement:…, with a code that exists"
                )
            )
        else:
            yield place, names
    adjectives = others.adjectives
    patterns = (("epci", adjectives.body), ("arrondissement", adjectives.around))
    for code, (masculine, feminine) in adjectives.of.items():
        if gazetteer.commune(code) is None:
            faults.append(Fault(code, f"'{code}' is no commune", "write its INSEE code"))
            continue
        around = {
            one.type: one for one in gazetteer.around(gazetteer.communes_in(f"commune:{code}"))
        }
        for type_, forms in patterns:
            for held in (place for kind, place in around.items() if kind == type_):
                yield held, tuple(form.format(m=masculine, f=feminine) for form in forms)


def _hiding(
    entries: tuple[AreaEntry, ...], others: NamesFile, gazetteer: Gazetteer
) -> Iterator[Fault]:
    """Names of a town, a department or a region: whoever types one means that."""
    named = [
        (f"area:{one.slug}", name, one.members)
        for one in entries
        for name in (one.name, *one.names)
    ]
    named += [(code, name, ()) for code, names in others.names.items() for name in names]
    for code, name, members in named:
        towns = [
            one
            for one in gazetteer.by_name(name)
            if one.population >= TOWN
            and without_article(normalise(one.name)) == without_article(normalise(name))
            and members
            != (f"commune:{one.code}",)  # an island that is one commune, and bears its name
        ]
        hidden = towns[0].name if towns else ""
        if department := gazetteer.department_by_name(name):
            hidden = department.name
        if region := gazetteer.region_by_name(name):
            hidden = region.name
        if hidden:
            yield Fault(name, f"'{name}' of {code} hides {hidden}", "give it a name of its own")
