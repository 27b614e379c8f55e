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
from discovery.mappings.codes.cpv import cpv_code
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
    whole = _first(root, "ProcurementProject")
    if whole is not None:
        common = _ubl(whole, "")
        found = [
            replace(_ubl(project, _number(_told(one, "ID"))), whole=common)
            for one in _all(root, "ProcurementProjectLot")
            if (project := _first(one, "ProcurementProject")) is not None
        ] or [common]
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
    classes = ("MainCommodityClassification", "AdditionalCommodityClassification")
    codes = [_line(code) for name in classes for code in _all(project, f"{name}/ItemClassificationCode")]
    address = _first(project, "RealizedLocation/Address")
    town = _told(address, "CityName") or _told(address, "PostalZone")
    return Lot(
        title=cut(_told(project, "Name"), MAX_TITLE).strip(" .;,"),
        number=number,
        cpv=_codes(codes),
        place=cut(town, MAX_NAME) or _area(map(_line, _all(address, "CountrySubentityCode"))),
        amount=_amount(_told(project, "RequestedTenderTotal/EstimatedOverallContractAmount")),
        told=tuple(sentences(_told(project, "Description")[:MAX_TEXT])),
    )


def _ted(root: Element) -> Iterator[Lot]:
    """TED_EXPORT: the first form of a language; OBJECT_CONTRACT with one OBJECT_DESCR a lot."""
    contract = root.find(".//{*}OBJECT_CONTRACT")
    if contract is None:
        return
    common = _descr(contract)
    described = [_descr(one) for one in _all(contract, "OBJECT_DESCR")]
    for lot in described:
        yield replace(lot, title=lot.title or common.title, whole=common)
    if not described:
        yield common


def _descr(element: Element) -> Lot:
    codes = [
        one.get("CODE", "") for name in ("CPV_MAIN", "CPV_ADDITIONAL") for one in _all(element, f"{name}/CPV_CODE")
    ]
    return Lot(
        title=cut(_told(element, "TITLE"), MAX_TITLE).strip(" .;,"),
        number=_number(_told(element, "LOT_NO")),
        cpv=_codes(codes),
        place=cut(_told(element, "MAIN_SITE"), MAX_NAME) or _area(one.get("CODE", "") for one in _all(element, "NUTS")),
        amount=_amount(_told(element, "VAL_OBJECT") or _told(element, "VAL_ESTIMATED_TOTAL")),
        told=tuple(sentences(_told(element, "SHORT_DESCR")[:MAX_TEXT])),
    )


def _area(codes: Iterable[str]) -> str:
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


def _all(element: Element | None, path: str) -> Iterator[Element]:
    """The elements at a path of names below one, whatever their namespaces; none below None."""
    return iter(()) if element is None else element.iterfind("{*}" + path.replace("/", "/{*}"))


def _first(element: Element | None, path: str) -> Element | None:
    return next(_all(element, path), None)


def _told(element: Element | None, path: str) -> str:
    """The text of the first of them."""
    return _line(_first(element, path))


def _line(element: Element | None) -> str:
    """The text of an element, on one line."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""
