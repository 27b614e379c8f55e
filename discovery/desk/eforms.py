"""A notice in XML (eForms) read into lots."""

import io
import re
from collections.abc import Iterator
from functools import partial
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from discovery.desk.lot import MAX_TEXT, MAX_TITLE, Lot, cut, sentences
from discovery.mappings.codes import cpv_code
from discovery.model import replace
from discovery.places.lookup import place_of_nuts
from discovery.search.query import invalid

MAX_XML = 1_000_000  # bytes of a notice
MAX_DEPTH, MAX_ELEMENTS = 60, 100_000


def is_xml(text: str) -> bool:
    """Whether a text looks like XML."""
    return text.lstrip("\ufeff \t\r\n").startswith("<")


def lots_of_notice(content: bytes) -> list[Lot]:
    """The lots of a notice, in its order. Raises InvalidQuery for what is no XML, has a DTD, is too
    deep or large, or has no lot.
    """
    root = _root(content)
    whole = _first(root, "ProcurementProject")
    if whole is None:
        raise _unreadable("notice_without_lots")
    common = _ubl(whole, "")
    found = [
        replace(
            _ubl(project, _told(one, "ID").upper().rpartition("-")[2].lstrip("0")[:10]),
            whole=common,
        )  # "LOT-0001"
        for one in _all(root, "ProcurementProjectLot")
        if (project := _first(one, "ProcurementProject")) is not None
    ] or [common]
    if not any(lot.title or lot.cpv for lot in found):
        raise _unreadable("notice_without_lots")
    return found


def _root(content: bytes) -> Element:
    if len(content) > MAX_XML:
        raise _unreadable("notice_too_large")
    depth = count = 0
    root: Element | None = None
    try:
        for event, element in iterparse(
            io.BytesIO(content.lstrip()), events=("start", "end"), forbid_dtd=True
        ):
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            count += event == "start"
            if depth > MAX_DEPTH or count > MAX_ELEMENTS:
                raise _unreadable("notice_too_deep")
    except DefusedXmlException:
        raise _unreadable("notice_with_entities") from None
    except (ParseError, ValueError, LookupError):  # LookupError: an unknown encoding
        raise _unreadable("notice_not_xml") from None
    assert root is not None  # what parses has a root
    return root


def _ubl(project: Element, number: str) -> Lot:
    classes = ("MainCommodityClassification", "AdditionalCommodityClassification")
    codes = [
        _line(code) for name in classes for code in _all(project, f"{name}/ItemClassificationCode")
    ]
    address = _first(project, "RealizedLocation/Address")
    town = _told(address, "CityName") or _told(address, "PostalZone")
    amount = _told(project, "RequestedTenderTotal/EstimatedOverallContractAmount")
    areas = (place_of_nuts(_line(code)) for code in _all(address, "CountrySubentityCode"))
    return Lot(
        title=cut(_told(project, "Name"), MAX_TITLE).strip(" .;,"),
        number=number,
        cpv=tuple(dict.fromkeys(code for text in codes if (code := cpv_code(text, said=True)))),
        place=cut(town) or next(filter(None, areas), ""),  # of several areas the first
        amount=float(amount) if re.fullmatch(r"\+?\d{1,12}(?:\.\d*)?", amount, re.ASCII) else None,
        told=tuple(sentences(_told(project, "Description")[:MAX_TEXT])),
    )


def _all(element: Element | None, path: str) -> Iterator[Element]:
    """The elements at a path of names below one, whatever their namespaces; none below None."""
    return iter(()) if element is None else element.iterfind("{*}" + path.replace("/", "/{*}"))


def _first(element: Element | None, path: str) -> Element | None:
    return next(_all(element, path), None)


def _told(element: Element | None, path: str) -> str:
    return _line(_first(element, path))


def _line(element: Element | None) -> str:
    """The text of an element, on one line."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


_unreadable = partial(invalid, "notice", limit=MAX_XML // 1000)
