"""A notice of a contract as XML (eForms, TED) → its lots; and the places of NUTS codes. Pure."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from discovery.desk.amounts import MAX_EUROS
from discovery.desk.lot import MAX_NAME, MAX_TEXT, MAX_TITLE, Lot, cut, sentences
from discovery.errors import DiscoveryError
from discovery.mappings.codes import cpv_code
from discovery.places.table import read_rows


@cache
def nuts_places() -> Mapping[str, str]:
    """A NUTS code → its place. A former region is told as that of today, which holds it."""
    return dict(read_rows("nuts.tsv", ("code", "place")))


def place_of_nuts(code: str) -> str:
    """The place of a code; "" = France, or no such code."""
    return nuts_places().get(code.strip().upper(), "")


MAX_XML = 1_000_000
"""Bytes of a notice."""
MAX_DEPTH = 60
MAX_ELEMENTS = 100_000


class UnreadableNotice(DiscoveryError):
    """A notice that can't be read.

    `code`: of the catalogue of messages.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def is_xml(text: str) -> bool:
    """Whether a text looks like XML."""
    return text.lstrip("\ufeff \t\r\n").startswith("<")


def lots_of_notice(content: bytes) -> list[Lot]:
    """The lots of a notice, in its order. Raises UnreadableNotice for what is no XML, has a DTD, is too deep or
    large, or has no lot."""
    root = _root(content)
    whole = next((one for one in root if _name(one) == "ProcurementProject"), None)
    if whole is not None:
        common = _ubl(whole, "")
        found = [
            replace(_ubl(project, _number(_text(_child(one, "ID")))), whole=common)
            for one in root
            if _name(one) == "ProcurementProjectLot" and (project := _child(one, "ProcurementProject")) is not None
        ]
        found = found or [common]
    else:
        found = list(_ted(root))
    if not any(lot.title or lot.cpv for lot in found):
        raise UnreadableNotice("notice_without_lots")
    return found


def _root(content: bytes) -> Element:
    if len(content) > MAX_XML:
        raise UnreadableNotice("notice_too_large")
    depth = count = 0
    root: Element | None = None
    try:
        for event, element in iterparse(io.BytesIO(content.lstrip()), events=("start", "end"), forbid_dtd=True):
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            count += event == "start"
            if depth > MAX_DEPTH or count > MAX_ELEMENTS:
                raise UnreadableNotice("notice_too_deep")
    except DefusedXmlException:
        raise UnreadableNotice("notice_with_entities") from None
    except (ParseError, ValueError, LookupError):  # LookupError: an unknown encoding
        raise UnreadableNotice("notice_not_xml") from None
    assert root is not None  # what parses has a root
    return root


def _ubl(project: Element, number: str) -> Lot:
    codes = [
        _text(code)
        for kind in ("MainCommodityClassification", "AdditionalCommodityClassification")
        for one in project
        if _name(one) == kind
        for code in one
        if _name(code) == "ItemClassificationCode"
    ]
    total = _child(project, "RequestedTenderTotal")
    amount = None if total is None else _child(total, "EstimatedOverallContractAmount")
    address = _below(project, "RealizedLocation", "Address")
    town = _text(_child(address, "CityName")) if address is not None else ""
    post_code = _text(_child(address, "PostalZone")) if address is not None else ""
    return Lot(
        title=cut(_text(_child(project, "Name")), MAX_TITLE).strip(" .;,"),
        number=number,
        cpv=_codes(codes),
        place=cut(town or post_code, MAX_NAME) or _area(address),
        amount=_amount(_text(amount)),
        told=tuple(sentences(_text(_child(project, "Description"))[:MAX_TEXT])),
    )


def _ted(root: Element) -> Iterator[Lot]:
    """TED_EXPORT: the first form of a language; OBJECT_CONTRACT with one OBJECT_DESCR a lot."""
    contract = next((one for one in root.iter() if _name(one) == "OBJECT_CONTRACT"), None)
    if contract is None:
        return
    common = _descr(contract)
    described = [one for one in contract if _name(one) == "OBJECT_DESCR"]
    for one in described:
        lot = _descr(one)
        yield replace(lot, title=lot.title or common.title, whole=common)
    if not described:
        yield common


def _descr(element: Element) -> Lot:
    parts = {_name(one): one for one in reversed(element)}
    codes = [
        code.get("CODE", "")
        for one in element
        if _name(one) in ("CPV_MAIN", "CPV_ADDITIONAL")
        for code in one
        if _name(code) == "CPV_CODE"
    ]
    value = parts.get("VAL_OBJECT", parts.get("VAL_ESTIMATED_TOTAL"))
    return Lot(
        title=cut(_text(parts.get("TITLE")), MAX_TITLE).strip(" .;,"),
        number=_number(_text(parts.get("LOT_NO"))),
        cpv=_codes(codes),
        place=cut(_text(parts.get("MAIN_SITE")), MAX_NAME) or _first(one.get("CODE", "") for one in _nuts(element)),
        amount=_amount(_text(value)),
        told=tuple(sentences(_text(parts.get("SHORT_DESCR"))[:MAX_TEXT])),
    )


def _area(address: Element | None) -> str:
    """The place of an address that names only its NUTS code."""
    return _first(_text(one) for one in address or () if _name(one) == "CountrySubentityCode")


def _nuts(element: Element) -> Iterator[Element]:
    return (one for one in element if _name(one) == "NUTS")


def _first(codes: Iterable[str]) -> str:
    """The place of the first code that has one: a lot in several areas is searched in the first of them."""
    return next(filter(None, map(place_of_nuts, codes)), "")


def _codes(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for text in texts if (code := cpv_code(text, said=True))))


def _number(text: str) -> str:
    """ "LOT-0001" is the lot "1"."""
    return text.upper().rpartition("-")[2].strip().lstrip("0")[:10]


def _amount(text: str) -> float | None:
    try:
        amount = float(text)
    except ValueError:
        return None
    return amount if 0 <= amount <= MAX_EUROS else None


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _child(element: Element, name: str) -> Element | None:
    return next((one for one in element if _name(one) == name), None)


def _below(element: Element, *names: str) -> Element | None:
    found: Element | None = element
    for name in names:
        found = _child(found, name) if found is not None else None
    return found


def _text(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""
