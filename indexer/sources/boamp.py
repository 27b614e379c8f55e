"""`boamp`: open notices of public buyers from the official bulletin (open, no token), lot by lot:
those whose words and CPV code mean one trade, for the suppliers that do it.

`GET …/records?where=…&limit=100&offset=0` → `{total_count, results: [{idweb, objet, …, donnees}]}`;
`donnees` is the notice as JSON in a string, in one of three forms. Contacts are in it, and are not
even read.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from discovery.mappings import Mappings
from discovery.model.masking import masked
from indexer.sources.connector import Keyed, Page, PageOf, checked
from indexer.sources.fetch import Fetcher, Parameters, SourceError

NAME = "boamp"
PAGE_SIZE, MOST = 100, 10_000
"""Records of a page, and of a query: the host refuses to go beyond."""
NEEDED = (
    "idweb", "objet", "nomacheteur", "dateparution", "datelimitereponse", "code_departement", "url_avis", "donnees"
)  # fmt: skip
EFORMS = "EFORMS/ContractNotice"
PROJECT = "cac:ProcurementProject"
CPV = f"{PROJECT}/cac:MainCommodityClassification/cbc:ItemClassificationCode"
CLASS = "objetPrincipal/classPrincipale"
LOTS = (f"{EFORMS}/cac:ProcurementProjectLot", "FNSimple/initial/lots/lot", "MAPA/initial/lots/lot")
NAMES = (f"{PROJECT}/cbc:Name", "intitule", "description")
CODES = (CPV, f"codeCPV/{CLASS}", f"CPV/{CLASS}")
WHOLE = (
    f"{EFORMS}/{CPV}",
    f"FNSimple/initial/natureMarche/codeCPV/{CLASS}",
    f"MAPA/initial/description/CPV/{CLASS}",
)
POST_CODE = f"{PROJECT}/cac:RealizedLocation/cac:Address/cbc:PostalZone"
WORD = re.compile(r"[^\W\d_]{4}")
"""What the name of a lot has that says more than its number."""
MAX_TEXT, MAX_LOTS = 500, 200
"""Characters of a text that are kept, and lots of a notice."""

Trade = Callable[[str, str], str]
"""(words, CPV code) → the sector that both mean; "" where they don't."""


def trade_reader(mappings: Mappings) -> Trade:
    """What reads a lot's trade."""
    # Here: every import of files reads the list of sources.
    from discovery.phrase.trades import reader_of

    reader, vocabulary, rules = reader_of(mappings.trades), mappings.vocabulary, mappings.notices

    def trade(words: str, cpv: str) -> str:
        meaning = (
            None
            if rules.passes_over(words, cpv)
            else mappings.codes.meaning("cpv", cpv, vocabulary)
        )
        likely = reader.of(words, {}) if meaning and meaning.sectors else None
        if not meaning or not likely or not likely.groups or likely.groups[0][1] < rules.probable:
            return ""
        sector = next((slug for slug, _ in likely.why().sectors), "")
        known = vocabulary.sectors.get(sector)
        return sector if known and {sector, known.group} & {*meaning.sectors} else ""

    return trade


def open_lots(mappings: Mappings) -> PageOf:
    """What asks for a page of the notices that are open today; it raises SourceError for an answer
    not as agreed.
    """
    trade = trade_reader(mappings)

    def page(fetcher: Fetcher, url: str, _part: str, number: int) -> Page:
        today = datetime.now(UTC).date()
        asked: Parameters = {
            "select": ",".join(NEEDED),
            "where": f"nature=\"APPEL_OFFRE\" and datelimitereponse>=date'{today}'",
            "order_by": "dateparution desc, idweb desc",
            "limit": PAGE_SIZE,
            "offset": (number - 1) * PAGE_SIZE,
        }
        answer = fetcher.json(url, asked)
        total = answer.get("total_count") if isinstance(answer, Mapping) else None
        if not isinstance(total, int) or not isinstance(answer.get("results"), list):
            raise SourceError(f"{NAME}: the answer is no page with a total; the contract changed")
        found = [keyed for row in answer["results"] for keyed in lots(row, trade)]
        return found, 0, bool(answer["results"]) and number * PAGE_SIZE < min(total, MOST)

    return page


def lots(row: Any, trade: Trade) -> Iterator[Keyed]:
    """The lots of a notice whose trade is sure. Raises SourceError when it is no record of notices."""
    row = checked(row, NEEDED, NAME)
    try:
        told = json.loads(row["donnees"] or "{}")
    except (TypeError, ValueError):
        raise SourceError(
            f"{NAME}, {row['idweb']}: `donnees` is no JSON; the contract changed"
        ) from None
    whole, parts = (
        first(told, WHOLE),
        [lot for path in LOTS for lot in nodes(told, path)][:MAX_LOTS] or [{}],
    )
    about, departments = shortened(row["objet"]), row["code_departement"] or []
    departments = [departments] if isinstance(departments, str) else departments
    for number, lot in enumerate(parts, 1):
        name, cpv = first(lot, NAMES), (first(lot, CODES) or whole)[:8]
        title = name if len(parts) > 1 and WORD.search(name) else about
        at = [f"postcode:{text(lot, POST_CODE)}"] if text(lot, POST_CODE).isdigit() else []
        lot = {
            "id": f"{row['idweb']}-{number}",
            "title": masked(title),
            "object": masked(about),
            "buyer": shortened(row["nomacheteur"]),
            "cpv": cpv,
            "sector": trade(title, cpv),
            "places": at or [f"department:{code}" for code in departments],
            "deadline": str(row["datelimitereponse"] or ""),
            "published": str(row["dateparution"] or ""),
            "url": str(row["url_avis"]),
        }
        if (
            lot["sector"]
            and lot["places"]
            and lot["deadline"]
            and lot["url"].startswith("https://")
        ):
            yield lot["id"], lot


def shortened(value: Any) -> str:
    """A text on one line, as much of it as is kept."""
    return " ".join(str(value or "")[:MAX_TEXT].split())


def nodes(node: Any, path: str) -> Iterator[Any]:
    """What stands at a path of an XML document written as JSON: an element that comes once is no
    list there.
    """
    if isinstance(node, list):
        for one in node:
            yield from nodes(one, path)
    elif not path:
        yield node
    elif isinstance(node, Mapping):
        name, _, rest = path.partition("/")
        yield from nodes(node.get(name, []), rest)


def text(node: Any, path: str) -> str:
    """The first text at a path, that of an element with attributes being its `#text`; "" where
    there is none.
    """
    one = next(nodes(node, path), "")
    return shortened(one.get("#text") if isinstance(one, Mapping) else one)


def first(node: Any, paths: tuple[str, ...]) -> str:
    """The text at the first of the paths that has one."""
    return next(filter(None, (text(node, path) for path in paths)), "")
