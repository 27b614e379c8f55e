"""Suppliers as open data: what of each may be published, and how the files are described. Pure.

Never a telephone or an e-mail address, not even of those who agreed to be called; in free text they
are masked.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from discovery.answers.files import Row
from discovery.answers.supplier import Names, card, label
from discovery.mappings.vocabulary import LANGS, Vocabulary
from discovery.model import dataclass
from discovery.texts import t

LICENCES = {"etalab-2.0": "https://www.etalab.gouv.fr/licence-ouverte-open-licence"}
"""SPDX code → where the licence stands."""

FIELDS = (
    "id", "siret", "name", "brand", "kind", "kind_label", "kind_group", "naf", "street", "post_code", "city", "commune",
    "department", "region", "lat", "lon", "approximate", "description", "website", "sectors", "inferred_sectors",
    "certifications", "networks", "sources", "updated_at", "url",
)  # fmt: skip
"""In the order of the files; `open_data.field` says what each is, in French."""
TYPES = {
    "lat": "number",
    "lon": "number",
    "approximate": "boolean",
    **dict.fromkeys(
        ("sectors", "inferred_sectors", "certifications", "networks", "sources"), "array"
    ),
    "updated_at": "date",
}
"""Name → type of Table Schema, of what is no string."""
AUTHORITY = "http://publications.europa.eu/resource/authority"
OWN = frozenset({"", "canonical"})
"""How records of a file that names no source are told."""
LISTS = "|"
"""Between the values of a list in CSV."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file of a dump: its name, media type, bytes."""

    name: str
    media: str
    size: int


def publishable(public: Mapping[str, Any], vocabulary: Vocabulary) -> bool:
    """Whether all its sources let it be published again; one without named sources is the
    operator's own. Of a list of a label's holders the label alone is left out.
    """
    told = [
        one["source"]
        for key in ("provenance", "jobs", "contracts")
        for one in public.get(key) or ()
    ]
    told = [
        one
        for one in told
        if one not in vocabulary.sources or not vocabulary.sources[one].certification
    ]
    return all(
        name in vocabulary.sources and vocabulary.sources[name].licence
        for name in told
        if name not in OWN
    )


def record(public: Mapping[str, Any], names: Names, masked: Callable[[str], str]) -> dict[str, Any]:
    """A supplier's published fields, by FIELDS; None or empty where nothing is known. `masked`:
    gives a text without addresses and telephones.
    """
    vocabulary = names.vocabulary
    shown, point = card(public, names, LANGS[0]), public.get("location") or {}
    declared = dict.fromkeys(one["sector"] for one in public.get("activities") or ())
    told = dict.fromkeys(one["sector"] for one in public.get("evidence") or ())
    sources = [one["source"] for one in public.get("provenance") or () if one["source"] not in OWN]
    origins = [vocabulary.sources[one] for one in sources if one in vocabulary.sources]
    closed = {
        one.value: one.certification for one in origins if one.certification and not one.licence
    }
    known = {
        **shown,
        **shown["address"],
        "name": shown["name"] or None,
        "naf": public.get("naf") or None,
        "lat": point.get("lat"),
        "lon": point.get("lon"),
        "approximate": bool(point.get("approximate")) if point else None,
        "description": masked(shown["description"] or "") or None,
        "sectors": list(declared),
        "inferred_sectors": [one for one in told if one not in declared],
        "certifications": [
            one for one in public.get("certifications") or () if one not in closed.values()
        ],
        "networks": list(public.get("networks") or ()),
        "sources": [one for one in sources if one not in closed],
        "updated_at": public.get("updated_at"),
    }
    return {name: known[name] for name in FIELDS}


def cells(found: Mapping[str, Any]) -> Row:
    return [
        LISTS.join(value) if isinstance(value, list) else _cell(value) for value in found.values()
    ]


def _cell(value: Any) -> Any:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


def feature(found: Mapping[str, Any]) -> dict[str, Any]:
    """A record as GeoJSON (RFC 7946); without a point its geometry is null."""
    point = (
        None
        if found["lat"] is None
        else {"type": "Point", "coordinates": [found["lon"], found["lat"]]}
    )
    properties = {name: value for name, value in found.items() if name not in ("id", "lat", "lon")}
    return {"type": "Feature", "id": found["id"], "geometry": point, "properties": properties}


def table_schema() -> dict[str, Any]:
    """The Table Schema that describes the CSV and the JSON lines."""
    fields = [
        {
            "name": name,
            "type": TYPES.get(name, "string"),
            "description": t(f"open_data.field.{name}", LANGS[0]),
            "constraints": {"required": name in {"id", "name", "kind"}, "unique": name == "id"},
        }
        for name in FIELDS
    ]
    return {"$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json", "fields": fields,
            "primaryKey": "id", "missingValues": [""]}  # fmt: skip


def catalogue(
    base: str, files: Iterable[Written], sources: Iterable[str], names: Names, at: datetime
) -> dict[str, Any]:
    """DCAT-AP as JSON-LD: a catalogue of one data set, with a distribution a file, its licence and
    its sources.
    """
    vocabulary = names.vocabulary
    home = f"{base}/open-data"
    licence = {"@id": LICENCES["etalab-2.0"]}
    named: dict[str, Any] = {
        "dct:title": [_in(lang, t("open_data.set", lang)) for lang in LANGS],
        "dct:description": [_in(lang, t("open_data.about", lang)) for lang in LANGS],
        "dct:publisher": {
            "@id": base or "/",
            "@type": "foaf:Agent",
            "foaf:name": base or t("open_data.set", LANGS[0]),
        },
        "dct:modified": {"@type": "xsd:dateTime", "@value": at.isoformat(timespec="seconds")},
    }
    data_set = {
        "@id": home,
        "@type": "dcat:Dataset",
        **named,
        "dct:language": {"@id": f"{AUTHORITY}/language/FRA"},
        "dct:spatial": {"@id": f"{AUTHORITY}/country/FRA"},
        "dct:accrualPeriodicity": {"@id": f"{AUTHORITY}/frequency/DAILY"},
        "dcat:theme": {"@id": f"{AUTHORITY}/data-theme/ECON"},
        "dct:source": [
            {
                "@type": "dcat:Dataset",
                "dct:title": [_in(lang, label(one, vocabulary.sources, lang)) for lang in LANGS],
                "dct:description": [_in(lang, t("open_data.source", lang)) for lang in LANGS],
                "dct:license": {"@id": LICENCES[vocabulary.sources[one].licence]},
            }
            for one in sources
        ],
        "dcat:distribution": [
            {
                "@id": f"{home}/{one.name}",
                "@type": "dcat:Distribution",
                "dct:title": _in("fr", one.name),
                "dcat:accessURL": {"@id": home},
                "dcat:downloadURL": {"@id": f"{home}/{one.name}"},
                "dcat:mediaType": {
                    "@id": f"http://www.iana.org/assignments/media-types/{one.media}"
                },
                "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(one.size)},
                "dct:license": licence,
                "dct:conformsTo": {"@id": f"{home}/schema.json"},
            }
            for one in files
        ],
    }
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": f"{home}/catalogue.jsonld",
        "@type": "dcat:Catalog",
        **named,
        "dct:license": licence,
        "dcat:dataset": data_set,
    }


def _in(lang: str, text: str) -> dict[str, str]:
    return {"@language": lang, "@value": text}
