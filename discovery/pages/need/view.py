"""`/besoin`: a need pasted, a title, codes, a notice: who can meet it, lot by lot.

Complete without JavaScript. Nothing that is sent is kept, so that the form needs no token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, Response, request

from discovery.answers import links
from discovery.answers.files import pieces, workbook
from discovery.answers.needs import SHEET_PATH, AnsweredLot, NeedsAnswer, body, sheets, why
from discovery.answers.search import Presenter
from discovery.desk.answering import LotFound
from discovery.desk.lot import MAX_TEXT
from discovery.desk.request import read_text
from discovery.engine.port import EngineUnavailable
from discovery.http.api.export import XLSX
from discovery.http.api.needs import buyer_given, searched
from discovery.http.responses import attachment, unkept
from discovery.mappings.purchases import BUYERS
from discovery.model import dataclass, replace
from discovery.pages.frame import responding
from discovery.pages.frame.responding import Site
from discovery.pages.frame.urls import NEED_FIELD, NEED_PATH, PageUrls
from discovery.pages.results import chips
from discovery.search.query import InvalidQuery, Query
from discovery.texts import Translate, translator


@dataclass(frozen=True, slots=True)
class ShownLot:
    """A lot as the page shows it. `chips`: what it was taken for, each with the search without it.
    `ignored`: what was read and not searched, such as an amount. `where`: where it is to be done.
    """

    told: AnsweredLot
    chips: Sequence[chips.Chip] = ()
    ignored: str = ""
    where: str = ""


def shown(
    answer: NeedsAnswer, found: Sequence[LotFound], presenter: Presenter, t: Translate
) -> list[ShownLot]:
    """The lots of an answer, each with what it was taken for."""
    return [_shown(*pair, presenter, t) for pair in zip(answer["lots"], found, strict=True)]


def _shown(told: AnsweredLot, found: LotFound, presenter: Presenter, t: Translate) -> ShownLot:
    answer = found.answer
    if answer is None:
        return ShownLot(told)
    urls = PageUrls(
        links.pairs(replace(answer.plan.query, per_page=Query().per_page, facets=None)), "/"
    )
    used = [part["text"] for part in told["read"] if part["what"] in ("amount", "hours", "kind")]
    read = (
        one.text
        for one in answer.plan.reading.ignored
        if one.type != "legal" or not found.lot.kinds
    )
    ignored = ", ".join(
        dict.fromkeys(one for one in read if not any(part in one or one in part for part in used))
    )
    understood = [
        *chips.understood(answer, urls, t),
        *chips.active(answer, urls, presenter.names, t),
    ]
    understood += _figured(told, t)
    return ShownLot(told, understood, ignored, ", ".join(chips.where(answer, presenter.names, t)))


_OF_PROOF = {"total": "amount", "amount": "amount", "duration": "months"}
"""What is read → the parameter that tells it in the address of a lot's proof."""


def _figured(told: AnsweredLot, t: Translate) -> Iterator[chips.Chip]:
    """A chip for the amount that counts and one for how long, which lead to the proof without it."""
    proof = PageUrls(
        parse_qsl(urlsplit(told["links"]["proof"] if told["links"] else "").query), SHEET_PATH
    )
    labels = {
        _OF_PROOF[part["what"]]: part["label"] for part in told["read"] if part["what"] in _OF_PROOF
    }
    for name, label in labels.items():  # the amount of all lots stands behind the lot's own
        yield chips.Chip(label, proof.set(**{name: None}), t("search.remove_filter", label=label))


EXPORT = "xlsx"

blueprint = Blueprint("need", __name__)


@blueprint.get(NEED_PATH)
def empty() -> Response:
    """The page to send a need: a box; with what a search held (`?besoin=`), to be sent."""
    site = responding.site()
    return responding.html(_page(site, request.args.get(NEED_FIELD, "")[:MAX_TEXT], {}))


@blueprint.post(NEED_PATH)
def answer() -> Response:
    """The need's page: each lot answered, or all of them as a workbook. `q`: a text too long for
    the search's box.
    """
    site, services = responding.site(), responding.services()
    text = request.form.get(NEED_FIELD) or request.form.get("q", "")
    try:
        buyer = buyer_given(request.form.get("buyer"))
        found = searched(read_text(text, services.search.mappings), site.lang, buyer)
    except (InvalidQuery, EngineUnavailable) as error:
        said, details = responding.at_fault(error, site.lang)
        return responding.refused(_page(site, text, {"problems": said}), details, site.lang)
    words, presenter = translator(site.lang), services.presenter
    if request.form.get("format") == EXPORT:
        book = workbook(*sheets(found, presenter, site.lang))
        response = Response(pieces(book), content_type=XLSX)
        return unkept(attachment(response, f"{NEED_FIELD}.{EXPORT}"), site.lang)
    told = body(found, presenter, site.lang)
    lots = shown(told, found, presenter, words)
    return responding.unkept_page(_page(site, text, {"answer": told, "lots": lots}), site.lang)


def _page(site: Site, text: str, shown: Mapping[str, object]) -> str:
    buyer = request.form.get("buyer") or request.args.get("buyer", "")
    always = {
        "buyers": BUYERS,
        "buyer": buyer,
        "field": NEED_FIELD,
        "need": text,
        "longest": MAX_TEXT,
        "why": why,
        "export": EXPORT,
    }
    context = {**always, "answer": None, "problems": [], **shown}
    return responding.page_at(NEED_PATH, "need.html", site, context)
