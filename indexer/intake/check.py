"""One row, checked whole: canonical mapping → draft. No fault hides another; a warning never loses
a row.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from rapidfuzz import fuzz, process

from discovery.mappings.vocabulary import Vocabulary
from discovery.model import dataclass, replace
from discovery.model.attributes import CODED
from discovery.places import Commune, Gazetteer, haversine_km, normalise
from indexer.intake import activities, limits, text, values
from indexer.intake.activities import ActivityCheck
from indexer.intake.canonical import RECORD
from indexer.intake.fields import ClosedList, block, codes, line, lines, optional, paragraphs
from indexer.intake.findings import Code, Finding, Findings
from indexer.intake.limits import CONTRADICTION_KM
from indexer.intake.precedence import Draft
from indexer.intake.text import Readable, in_capitals
from indexer.record import LocationSource, Status

SIMILAR = 84.0
"""rapidfuzz's score (0-100) above which two names of communes under one post code are one name with
a fault.
"""
SIMILAR_FAR = 90.0
"""The same among the communes of a whole department, where chance resemblance is likelier."""
NAMED_KM = 15.0
"""A point nearer than this to the commune that the row names is taken to be in it."""
CACHE = 50_000

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Located:
    """A commune and a point (degrees, 5 decimals), with where the point comes from.

    `misnamed`: the city that the row names is another commune, or misspelt: the commune's own name
    is to be shown.
    """

    commune: Commune
    point: Point | None
    source: LocationSource | None
    misnamed: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    commune: Commune | None
    findings: tuple[Finding, ...] = ()
    misnamed: bool = False


class Places:
    """Finds communes for one import; equal addresses are looked up once."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._found: dict[tuple[str, str, str], _Found] = {}

    def locate(
        self, commune_code: str, post_code: str, city: str, point: Point | None
    ) -> tuple[Located | None, tuple[Finding, ...]]:
        """(the place, what had to be assumed); None for the place when nothing leads to a French
        commune.
        """
        key = (commune_code, post_code, city)
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= CACHE:
                self._found.clear()
            found = self._found[key] = self._commune(commune_code, post_code, city)
        if found.commune is None:
            return self._from_point(point, post_code, city)
        return self._with_point(found, point)

    # The point

    def _from_point(
        self, point: Point | None, post_code: str, city: str
    ) -> tuple[Located | None, tuple[Finding, ...]]:
        near = self._gazetteer.nearest(*point) if point else None
        if point is None or near is None or near[1] > CONTRADICTION_KM:
            return None, ()
        commune, km = near
        for named in self._gazetteer.by_name(city) if city else ():
            # The point is at its edge: the city that the row names wins over its neighbour.
            if named.point and (away := haversine_km(*point, *named.point)) < NAMED_KM:
                commune, km = named, away
                break
        details = {"km": f"{km:.1f}", "became": _label(commune)}
        finding = Finding(Code.COMMUNE_OF_POINT, "location", f"{post_code} {city}".strip(), details)
        return Located(commune, point, LocationSource.GIVEN), (finding,)

    def _with_point(
        self, found: _Found, point: Point | None
    ) -> tuple[Located, tuple[Finding, ...]]:
        commune = found.commune
        assert commune is not None
        own = commune.point and (round(commune.point[0], 5), round(commune.point[1], 5))
        source = LocationSource.COMMUNE if own else None
        if point is None:
            return Located(commune, own, source, found.misnamed), found.findings
        km = haversine_km(*point, *own) if own else 0.0
        if km <= CONTRADICTION_KM:
            return Located(commune, point, LocationSource.GIVEN, found.misnamed), found.findings
        far = Finding(
            Code.POINT_FAR,
            "location",
            f"{point[0]}, {point[1]}",
            {"km": f"{km:.0f}", "city": _label(commune)},
        )
        return Located(commune, own, source, found.misnamed), (*found.findings, far)

    # The commune

    def _commune(self, code: str, post_code: str, city: str) -> _Found:
        if code:
            commune = self._gazetteer.commune(code)
            if commune is not None:
                return _Found(self._arrondissement(commune, post_code))
        found = self._by_address(post_code, city) if city or post_code else _Found(None)
        if code and found.commune is not None:
            unknown = Finding(
                Code.COMMUNE_UNKNOWN, "address.commune", code, {"became": _label(found.commune)}
            )
            return replace(found, findings=(*found.findings, unknown))
        return found

    def _arrondissement(self, commune: Commune, post_code: str) -> Commune:
        """Paris, Lyon, Marseille: the post code tells the arrondissement."""
        if not post_code or commune.parent or len(commune.post_codes) == 1:
            return commune
        parts = self._gazetteer.communes_of_postcode(post_code)
        return next((part for part in parts if part.parent == commune.code), commune)

    def _by_address(self, post_code: str, city: str) -> _Found:
        candidates = self._gazetteer.communes_of_postcode(post_code) if post_code else ()
        named = self._gazetteer.by_name(city, hint_postcode=post_code or None) if city else ()
        codes = {candidate.code for candidate in candidates}
        # 1. The two agree. "Paris" with 75012 is the arrondissement.
        for commune in named:
            if commune.code in codes:
                return _Found(commune)
            part = self._arrondissement(commune, post_code)
            if part is not commune:
                return _Found(part)
        if not candidates:
            return self._by_city(post_code, city, named)
        # 2. A name with a fault, under the right post code.
        near = _nearest(city, [_bare(each.name) for each in candidates], SIMILAR)
        if near is not None:
            commune = candidates[near]
            corrected = Finding(
                Code.CITY_CORRECTED, "address.city", city, {"became": _label(commune)}
            )
            return _Found(commune, (corrected,), misnamed=True)
        # 3. The right name, under a post code of the same department.
        department = candidates[0].department
        for commune in named:
            if commune.department == department:
                details = {"city": city, "became": _label(commune)}
                return _Found(
                    commune,
                    (Finding(Code.POST_CODE_CONTRADICTS, "address.post_code", post_code, details),),
                )
        # 4. A hamlet or a district, a commune elsewhere, or no name: the post code's largest
        # commune. Where register and geocoder disagree, the post code is the register's and the
        # city the geocoder's.
        commune = candidates[0]
        details = {"post_code": post_code, "became": _label(commune)}
        unknown = Finding(Code.CITY_UNKNOWN, "address.city", city or "-", details)
        return _Found(commune, (unknown,), misnamed=bool(named))

    def _by_city(self, post_code: str, city: str, named: tuple[Commune, ...]) -> _Found:
        """Under a post code that no commune has, or none at all: a name in the department that its
        digits tell.
        """
        department = self._gazetteer.department_of_postcode(post_code) if post_code else None
        if post_code and department is None:
            return _Found(None)
        if department is None:
            only = [each for each in named if not each.parent]
            return _Found(
                only[0] if len(only) == 1 else None
            )  # no such name, or several: nothing tells which
        commune = next((each for each in named if each.department == department), None)
        if commune is None:
            names, communes = self._by_department[department]
            near = _nearest(city, names, SIMILAR_FAR)
            if near is None:
                return _Found(None)
            commune = communes[near]
        details = {"became": _label(commune)}
        return _Found(
            commune, (Finding(Code.POST_CODE_UNKNOWN, "address.post_code", post_code, details),)
        )

    @cached_property
    def _by_department(self) -> dict[str, tuple[list[str], list[Commune]]]:
        found: dict[str, tuple[list[str], list[Commune]]] = {}
        for commune in self._gazetteer.communes():
            names, communes = found.setdefault(commune.department, ([], []))
            names.append(_bare(commune.name))
            communes.append(commune)
        return found


def _bare(name: str) -> str:
    """A name's key without CEDEX and its number, wherever they stand."""
    words = normalise(name).split()
    if "cedex" in words:
        words = words[: words.index("cedex")]
    return " ".join(words)


def _nearest(city: str, names: Sequence[str], least: float) -> int | None:
    """Which of the names, which are bare, resembles the city most; None where none reaches the
    score.
    """
    found = (
        process.extractOne(_bare(city), names, scorer=fuzz.WRatio, score_cutoff=least)
        if city
        else None
    )
    return found[2] if found else None


def _label(commune: Commune) -> str:
    return f"{commune.name} ({commune.code})"


def _post_code(raw: Any, found: Findings) -> str:
    """Five digits; a spreadsheet's lost zero is put back ("1000" is 01000). Spaces and an F- before
    are let go.
    """
    given = line(raw, "address.post_code", limits.CITY, found)
    number = given.replace(" ", "").removeprefix("F-")
    if number.isascii() and number.isdigit() and len(number) == 4:
        number = "0" + number
    if not given or (re.fullmatch(r"\d{5}", number) and number.isascii()):
        return number
    found.warn(Code.VALUE_IGNORED, "address.post_code", given, expected="post_code")
    return ""


def _point(block: Mapping[str, Any], found: Findings) -> Point | None:
    """(latitude, longitude) in degrees, rounded to 5 decimals (a metre)."""
    raw = block.get("lat"), block.get("lon")
    if values.empty(raw[0]) and values.empty(raw[1]):
        return None
    try:
        lat, lon = values.decimal(raw[0]), values.decimal(raw[1])
    except ValueError:
        lat, lon = 999.0, 999.0
    if abs(lat) > 90 or abs(lon) > 180:
        found.warn(Code.POINT_INVALID, "location", f"{raw[0]}, {raw[1]}")
        return None
    return round(lat, 5) + 0.0, round(lon, 5) + 0.0


NOMENCLATURES = {"nafrev2": "NAFRev2", "naf2025": "NAF2025"}
DEFAULT_NOMENCLATURE = "NAFRev2"


class Check:
    """Checks rows against one vocabulary and one gazetteer. `today` bounds dates. Pure but for its
    caches.
    """

    def __init__(self, vocabulary: Vocabulary, gazetteer: Gazetteer, today: date) -> None:
        self._today = today
        self._hidden = vocabulary.hidden_kinds
        self._kinds = ClosedList(
            {**vocabulary.kinds, **dict.fromkeys(sorted(vocabulary.hidden_kinds))}
        )
        self._legal_forms = ClosedList(vocabulary.legal_forms)
        self._codes = {one.field: ClosedList(vocabulary.terms(one.name)) for one in CODED}
        self._readable = Readable(vocabulary)
        self._activities = ActivityCheck(vocabulary, gazetteer)
        self._places = Places(gazetteer)

    def __call__(self, raw: Mapping[str, Any]) -> Draft:
        draft = Draft()
        found = draft.findings
        out = draft.values

        def tell(name: str, read: Callable[..., Any], *rules: Any) -> None:
            if name in raw:
                out[name] = read(raw[name], name, *rules, found)

        self._identity(raw, draft)
        tell("description", paragraphs, limits.DESCRIPTION)
        tell("brand", self._name, limits.BRAND)
        if "operator" in raw:
            out["operator"] = self._readable(line(raw["operator"], "operator", limits.NAME, found))
        tell("legal_form", self._legal_form)
        self._naf(raw, draft)
        tell("website", _website)
        self._seat(raw, draft)
        tell("activities", self._activities)
        tell("offers", activities.offers)
        tell("jobs", activities.jobs, self._today)
        tell("contracts", activities.contracts, self._today)
        for name, known in self._codes.items():
            tell(name, codes, known)
        tell("client_references", lines, limits.CLIENT_REFERENCES, limits.CLIENT_REFERENCE)
        self._facts(raw, draft)
        return draft

    # Who

    def _identity(self, raw: Mapping[str, Any], draft: Draft) -> None:
        found, out = draft.findings, draft.values
        given = line(raw.get("id"), "id", limits.ID + 1, found)
        if given and (
            len(given) > limits.ID or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:-]*", given)
        ):
            found.reject(Code.ID_INVALID, "id", given)
        elif given:
            draft.id, draft.id_given = given, True
        if "siret" in raw:
            out["siret"] = _siret(raw["siret"], found)
        out["name"] = self._name(raw.get("name"), "name", limits.NAME, found)
        if not out["name"]:
            found.miss("name")
        kind = line(raw.get("kind"), "kind", limits.NAME, found)
        code = self._kinds.code(kind) if kind else None
        if not kind:
            found.miss("kind")
        elif code is None:
            found.reject(Code.UNKNOWN_VALUE, "kind", kind, near=", ".join(self._kinds.near(kind)))
        else:
            out["kind"] = code
            if code in self._hidden:
                found.warn(Code.HIDDEN_KIND, "kind", code)
        if not given and out.get("siret") and code:
            draft.id = f"{out['siret']}-{code}"
        elif not given and not out.get("siret"):
            found.reject(Code.ID_IMPOSSIBLE, "siret", raw.get("siret") or "")
        if not values.empty(raw.get("source")):
            out["source"] = line(raw["source"], "source", limits.ID, found)

    def _name(self, raw: Any, field: str, limit: int, found: Findings) -> str:
        name = line(raw, field, limit, found)
        if not in_capitals(name):
            return name
        became = self._readable(name)
        found.warn(Code.CAPITALS, field, name, became=became)
        return became

    def _legal_form(self, raw: Any, field: str, found: Findings) -> str:
        given = line(raw, field, limits.NAME, found)
        code = self._legal_forms.code(given) if given else ""
        if code is None:
            found.warn(Code.VALUE_IGNORED, field, given, expected=field)
        return code or ""

    def _naf(self, raw: Mapping[str, Any], draft: Draft) -> None:
        if "naf" not in raw:
            return
        found, out = draft.findings, draft.values
        out["naf"] = optional(raw["naf"], "naf", values.naf, "naf", found) or ""
        nomenclature = DEFAULT_NOMENCLATURE
        if not values.empty(raw.get("naf_nomenclature")):
            known = NOMENCLATURES.get(str(raw["naf_nomenclature"]).replace(" ", "").lower())
            if known is None:
                found.warn(
                    Code.VALUE_IGNORED,
                    "naf_nomenclature",
                    raw["naf_nomenclature"],
                    expected="nomenclature",
                )
            nomenclature = known or DEFAULT_NOMENCLATURE
        out["naf_nomenclature"] = nomenclature if out["naf"] else ""

    # Where

    def _seat(self, raw: Mapping[str, Any], draft: Draft) -> None:
        """Into the draft; a row without any place is rejected."""
        found, out = draft.findings, draft.values
        address = block(raw.get("address"), "address", found)
        if "street" in address:
            out["street"] = self._readable(
                line(address["street"], "address.street", limits.STREET, found)
            )
        post_code = _post_code(address.get("post_code"), found)
        city = line(address.get("city"), "address.city", limits.CITY, found)
        code = line(address.get("commune"), "address.commune", limits.CITY, found).upper()
        if code.isdigit() and len(code) == 4:
            code = "0" + code
        point = _point(block(raw.get("location"), "location", found), found)
        if not code and not city and not post_code and point is None:
            found.miss("address", Code.PLACE_MISSING)
            return
        located, assumed = self._places.locate(code, post_code, city, point)
        if located is None:
            found.reject(
                Code.PLACE_NOT_FOUND, "address", f"{code or post_code} {city}".strip() or f"{point}"
            )
            return
        found.warnings.extend(assumed)
        commune = located.commune
        out |= {"commune": commune.code, "department": commune.department, "region": commune.region}
        if located.misnamed or (city.isupper() and normalise(city) == normalise(commune.name)):
            city = commune.name
        city = self._readable(city)
        (out if city else draft.filled)["city"] = city or commune.name
        if post_code:
            out["post_code"] = post_code
        elif len(commune.post_codes) == 1:
            draft.filled["post_code"] = commune.post_codes[0]
        lat, lon = located.point or (None, None)
        where = out if located.source is LocationSource.GIVEN else draft.filled
        where |= {"lat": lat, "lon": lon, "location_source": located.source}

    # Facts

    def _facts(self, raw: Mapping[str, Any], draft: Draft) -> None:
        found, out = draft.findings, draft.values
        people = raw.get("employees", {})
        if people is not None and not isinstance(people, Mapping):
            found.warn(Code.VALUE_IGNORED, "employees", people, expected="whole_number")
        given = {**raw, **_people(people)}
        for each in _SINGLE:
            if each.name in given:
                value = optional(
                    given[each.name], each.name, each.reader(self._today), each.expected, found
                )
                out[each.name.replace(".", "_")] = each.nothing if value is None else value
        if not values.empty(raw.get("status")):
            status = optional(str(raw["status"]).strip().lower(), "status", Status, "status", found)
            if status is not None:
                out["status"] = status


_SINGLE = tuple(each for each in RECORD if each.read is not None)
_PEOPLE = tuple(each.name for each in RECORD if each.name.startswith("employees."))


def _people(given: Any) -> dict[str, Any]:
    """The numbers of a record's `employees`, by their dotted names; of none at all each is nothing."""
    if given is None:
        return dict.fromkeys(_PEOPLE)
    held = given if isinstance(given, Mapping) else {}
    return {name: held[inner] for name in _PEOPLE if (inner := name.partition(".")[2]) in held}


def _website(raw: Any, field: str, found: Findings) -> str:
    given = line(raw, field, limits.WEBSITE, found)
    address = text.website(given) if given else ""
    if address is None:
        found.warn(Code.WEBSITE_INVALID, field, given)
    return address or ""


def _siret(raw: Any, found: Findings) -> str:
    """A SIRET's digits; empty when it is none. A wrong check digit is kept: registers have some."""
    if values.empty(raw):
        return ""
    number = (
        values.bare(str(raw)) if isinstance(raw, int | str) and not isinstance(raw, bool) else ""
    )
    padded = number.zfill(14)
    right, whole = values.is_siret(padded), len(number) == 14
    if not (number.isascii() and number.isdigit() and 11 <= len(number) <= 14 and (whole or right)):
        found.warn(Code.SIRET_INVALID, "siret", raw)
        return ""
    if not whole:
        found.warn(Code.SIRET_ZERO, "siret", raw, became=padded)
    elif not right:
        found.warn(Code.SIRET_CHECKSUM, "siret", number)
    return padded
