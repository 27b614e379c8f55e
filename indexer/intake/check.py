"""One row, checked whole: canonical mapping → draft. No fault hides another; a warning never loses a row."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from discovery.mappings.vocabulary import Vocabulary
from discovery.model.attributes import CODED
from discovery.places import Gazetteer
from indexer.intake import activities, limits, text, values
from indexer.intake.activities import ActivityCheck
from indexer.intake.canonical import RECORD
from indexer.intake.fields import ClosedList, codes, line, lines, optional, paragraphs
from indexer.intake.findings import Code, Findings
from indexer.intake.place import Places, SeatCheck
from indexer.intake.precedence import Draft
from indexer.intake.text import Readable, in_capitals
from indexer.record import Status

NOMENCLATURES = {"nafrev2": "NAFRev2", "naf2025": "NAF2025"}
DEFAULT_NOMENCLATURE = "NAFRev2"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")


class Check:
    """Checks rows against one vocabulary and one gazetteer. `today` bounds dates. Pure but for its caches."""

    def __init__(self, vocabulary: Vocabulary, gazetteer: Gazetteer, today: date) -> None:
        self._today = today
        self._hidden = vocabulary.hidden_kinds
        self._kinds = ClosedList({**vocabulary.kinds, **dict.fromkeys(sorted(vocabulary.hidden_kinds))})
        self._legal_forms = ClosedList(vocabulary.legal_forms)
        self._codes = {one.field: ClosedList(vocabulary.terms(one.name)) for one in CODED}
        self._readable = Readable(vocabulary)
        self._activities = ActivityCheck(vocabulary, gazetteer)
        self._seat = SeatCheck(Places(gazetteer), self._readable)

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
        if given and (len(given) > limits.ID or not _ID.fullmatch(given)):
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
                found.warn(Code.VALUE_IGNORED, "naf_nomenclature", raw["naf_nomenclature"], expected="nomenclature")
            nomenclature = known or DEFAULT_NOMENCLATURE
        out["naf_nomenclature"] = nomenclature if out["naf"] else ""

    # Facts

    def _facts(self, raw: Mapping[str, Any], draft: Draft) -> None:
        found, out = draft.findings, draft.values
        people = raw.get("employees", {})
        if people is not None and not isinstance(people, Mapping):
            found.warn(Code.VALUE_IGNORED, "employees", people, expected="whole_number")
        given = {**raw, **_people(people)}
        for each in _SINGLE:
            if each.name in given:
                value = optional(given[each.name], each.name, each.reader(self._today), each.expected, found)
                out[each.name.replace(".", "_")] = each.nothing if value is None else value
        if not values.empty(raw.get("status")):
            status = optional(raw["status"], "status", _status, "status", found)
            if status is not None:
                out["status"] = status


_SINGLE = tuple(each for each in RECORD if each.read is not None)
_PEOPLE = tuple(each.name for each in RECORD if each.name.startswith("employees."))


def _status(raw: Any) -> Status:
    return Status(str(raw).strip().lower())


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
    if values.empty(raw) or isinstance(raw, bool | float):
        if not values.empty(raw):
            found.warn(Code.SIRET_INVALID, "siret", raw)
        return ""
    number = values.bare(str(raw) if isinstance(raw, int) else raw if isinstance(raw, str) else "")
    if not (number.isascii() and number.isdigit()) or not 11 <= len(number) <= 14:
        found.warn(Code.SIRET_INVALID, "siret", raw)
        return ""
    if len(number) < 14:
        padded = number.zfill(14)
        if not values.is_siret(padded):
            found.warn(Code.SIRET_INVALID, "siret", raw)
            return ""
        found.warn(Code.SIRET_ZERO, "siret", raw, became=padded)
        return padded
    if not values.is_siret(number):
        found.warn(Code.SIRET_CHECKSUM, "siret", number)
    return number
