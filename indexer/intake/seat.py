"""The seat of a row: `address` and `location` → commune, department, region and point."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from discovery.gazetteer import normalise
from indexer.intake import limits, values
from indexer.intake.capitals import Readable
from indexer.intake.draft import Draft
from indexer.intake.fields import line
from indexer.intake.findings import Code, Findings
from indexer.intake.place import Places, Point
from indexer.record import LocationSource

_POST_CODE = re.compile(r"\d{5}")


class SeatCheck:
    """Reads the place of a row into a draft; rejects a row without any."""

    def __init__(self, places: Places, readable: Readable) -> None:
        self._places = places
        self._readable = readable

    def __call__(self, raw: Mapping[str, Any], draft: Draft) -> None:
        found, out = draft.findings, draft.values
        address = _block(raw, "address", found)
        if "street" in address:
            out["street"] = self._readable(line(address["street"], "address.street", limits.STREET, found))
        post_code = _post_code(address.get("post_code"), found)
        city = line(address.get("city"), "address.city", limits.CITY, found)
        code = line(address.get("commune"), "address.commune", limits.CITY, found).upper()
        if code.isdigit() and len(code) == 4:
            code = "0" + code
        point = _point(_block(raw, "location", found), found)
        if not code and not city and not post_code and point is None:
            found.miss("address", Code.PLACE_MISSING)
            return
        located, assumed = self._places.locate(code, post_code, city, point)
        if located is None:
            found.reject(Code.PLACE_NOT_FOUND, "address", f"{code or post_code} {city}".strip() or f"{point}")
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


def _block(raw: Mapping[str, Any], name: str, found: Findings) -> Mapping[str, Any]:
    block = raw.get(name)
    if values.empty(block):
        return {}
    if isinstance(block, dict):
        return block
    found.reject(Code.NOT_A_BLOCK, name, block)
    return {}


def _post_code(raw: Any, found: Findings) -> str:
    """Five digits; a spreadsheet's lost zero is put back ("1000" is 01000). Spaces and an F- before are let go."""
    given = line(raw, "address.post_code", limits.CITY, found)
    number = given.replace(" ", "").removeprefix("F-")
    if number.isascii() and number.isdigit() and len(number) == 4:
        number = "0" + number
    if not given or (_POST_CODE.fullmatch(number) and number.isascii()):
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
