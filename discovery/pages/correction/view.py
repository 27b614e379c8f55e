"""`/corriger/<id>`: a supplier corrects its record, without an account. A link that is mailed to an
address that the store holds proves who writes; without it the operator is asked. The form says the
same to everybody, and no address.
"""

import re
import time
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from discovery.desk.alerts import CORRECT_PATH, TOKEN, Asked, Do, new_id
from discovery.engine.port import Document
from discovery.http.addresses import by_own_page
from discovery.http.api import alerts
from discovery.http.api.parameters import SHOWN
from discovery.http.api.suppliers import listed
from discovery.http.problems import Details, Refused
from discovery.model.attributes import ITSELF
from discovery.pages.frame import responding
from discovery.pages.frame.responding import Site
from discovery.pages.frame.urls import PageUrls
from discovery.places import Gazetteer
from discovery.search.query import InvalidQuery, Problem
from discovery.texts import t

NUMBERS = {"insertion": 1_000_000, "permanent": 1_000_000, "capacity": 1_000_000, "km": 500}
"""Fields that hold a whole number, and the most."""
ZONES = ("country", "radius", "places")
DOES = {Do.LINK: "linked", Do.CORRECT: "waits", Do.WITHDRAW: "withdrawn"}
"""What a button does → what the page says then."""

blueprint = Blueprint("correction", __name__)


@blueprint.route(f"{CORRECT_PATH}<id_>", methods=["GET", "POST"])
def correct(id_: str) -> Response:
    """The form to correct a record; or what it sends, handed over to the indexer. Nothing is
    changed here.
    """
    alerts.offered()
    services, site = responding.services(), responding.site()
    document, token = listed(services, id_, site.lang), request.args.get(TOKEN, "")
    proven = alerts.signer().corrects(token, document["id"], time.time())
    opened = "proven" if proven else "void" if token else "open"
    if request.method != "POST":
        return responding.unkept_page(_page(site, document, opened), site.lang)
    do = next((one for one in DOES if one == request.form.get("do")), None)
    if do is None or not by_own_page(services.settings) or (do is Do.WITHDRAW and not proven):
        raise Refused(Details("refused", {"status": "403"}, refused=403))
    try:
        said = (
            _said(document, services.presenter.names.gazetteer, site.lang)
            if do is Do.CORRECT
            else []
        )
    except InvalidQuery as error:
        problems, details = responding.at_fault(error, site.lang)
        return responding.refused(_page(site, document, opened, problems), details, site.lang)
    pairs = [("supplier", document["id"]), *said, *([(TOKEN, token)] if proven else [])]
    alerts.hand_over(Asked(do, new_id(), int(time.time()), lang=site.lang, search=urlencode(pairs)))
    state = "corrected" if proven and do is Do.CORRECT else DOES[do]
    return responding.unkept_page(_page(site, document, state), site.lang)


def _said(document: Document, gazetteer: Gazetteer, lang: str) -> list[tuple[str, str]]:
    """What the form changes, as parameters. InvalidQuery tells every field that can't be read."""
    form, wrong, said = request.form, list[Problem](), list[tuple[str, str]]()
    vocabulary = responding.services().mappings.vocabulary

    def take(name: str, value: str, *, fits: bool, as_: str = "") -> None:
        if fits:
            said.append((as_ or name, value))
        else:
            field = t(f"correct.{name}", lang)
            wrong.append(
                Problem(
                    name,
                    value[:SHOWN],
                    "unreadable_field",
                    {"value": value[:SHOWN], "field": field},
                )
            )

    given = {name: value.strip() for name, value in form.items() if value.strip()}
    sectors = form.getlist("sector")
    if sectors and {*sectors} != {one["sector"] for one in document["public"]["activities"]}:
        for one in dict.fromkeys(sectors):
            take("sector", one, fits=one in vocabulary.sectors)
    for name, most in NUMBERS.items():
        if value := given.get(name):
            take(
                name,
                value,
                fits=value.isascii() and value.isdigit() and len(value) < 8 and int(value) <= most,
            )
    if zone := given.get("zone"):
        take("zone", zone, fits=zone in ZONES)
    if zone == "radius" and "km" not in given:
        take("km", "", fits=False)
    if zone == "places":
        for one in re.findall(r"\w+", given.get("departments", "")) or [""]:
            code = one.upper().zfill(2)
            known = gazetteer.department(code) is not None
            take("departments", f"department:{code}" if known else one, fits=known, as_="place")
    if phone := given.get("phone"):
        take("phone", phone, fits=re.fullmatch(r"\+?[\d ().-]{6,30}", phone) is not None)
    if orders := given.get("orders"):
        take("orders", orders, fits=orders in ("yes", "no"))
    if wrong:
        raise InvalidQuery(tuple(wrong))
    if not said:
        raise InvalidQuery((Problem("sector", "", "nothing_corrected"),))
    return said


def _page(site: Site, document: Document, state: str, problems: list[str] | None = None) -> str:
    """`state`: open, proven, void, linked, waits, corrected, withdrawn."""
    services, public = responding.services(), document["public"]
    vocabulary = services.mappings.vocabulary
    groups: dict[str, list[tuple[str, str]]] = {}
    for sector in vocabulary.sectors.values():
        group = vocabulary.sector_groups[sector.group].label(site.lang)
        groups.setdefault(group, []).append((sector.value, sector.label(site.lang)))
    context: dict[str, Any] = {
        "state": state,
        "problems": problems or [],
        "name": public["brand"] or public["name"],
        "back": services.presenter.names.supplier_url(public) + site.query,
        "groups": groups,
        "held": {one["sector"] for one in public["activities"]},
        "given": any(one["source"] == ITSELF for one in public.get("provenance", ())),
        "zones": ZONES,
        "numbers": [name for name in NUMBERS if name != "km"],
        "token": TOKEN,
    }
    here = PageUrls(request.args.items(multi=True), request.path)
    return responding.drawn("correct.html", site, here, {**context, "action": here.keep()})
