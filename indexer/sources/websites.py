"""`websites`: the trades that suppliers' own sites tell of, in headings and lists of the home page
and of at most four pages that its menu names (`site.py`).

Only words that surely name a trade are kept, with their page: no text that holds a number or an
address of somebody is even looked at. A site that is away says nothing, and what it said before
stays.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from discovery.mappings import Mappings
from discovery.model.masking import masked
from indexer.sources.connector import Page, PageOf
from indexer.sources.fetch import Fetcher

NAME = "websites"


class SiteReader:
    """Texts of a site → the trades that they surely name."""

    def __init__(self, mappings: Mappings) -> None:
        # Here: every import of files reads the list of sources.
        from discovery.phrase.trades import reader_of

        self.rules = mappings.websites
        self._own_words = mappings.vocabulary.own_words
        self._sectors = mappings.vocabulary.sectors
        self._reader = reader_of(mappings.trades)

    def __call__(self, texts: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
        """Sector, words and page, each sector once; none at all of a site that names more than one
        supplier does.
        """
        found: dict[str, dict[str, str]] = {}
        for address, text in dict.fromkeys(texts):
            if self.rules.is_silent(text) or masked(text) != text:
                continue
            for sector, words in self._named(text):
                found.setdefault(sector, {"sector": sector, "words": words, "address": address})
        said = {one["words"] for one in found.values()}
        return list(found.values()) if len(said) <= self.rules.most["trades"] else []

    def _named(self, text: str) -> Iterator[tuple[str, str]]:
        told = [
            (sector, words)
            for words, sectors in self._own_words.of(text, name=False)
            for sector in sectors
        ]
        if told:
            yield from told
            return
        likely = self._reader.of(text, {})
        if not likely.groups or likely.groups[0][1] < self._reader.deciding.certain:
            return
        why = likely.why()
        if why.sectors and why.sectors[0][0] in self._sectors:
            yield why.sectors[0][0], max((text[start:end] for start, end in why.words), key=len)


def visits(mappings: Mappings) -> PageOf:
    """What asks a supplier's site: the page of its record, or of none where the site could not be
    read.
    """
    from indexer.sources.site import read_site

    read = SiteReader(mappings)

    def visit(_fetcher: Fetcher, start: str, siret: str, _number: int) -> Page:
        texts = read_site(start, read.rules)
        if texts is None:
            return [], 0, False
        record: dict[str, Any] = {"siret": siret, "source": NAME, "site_trades": read(texts)}
        return [(siret, record)], 0, False

    return visit


def sites_to_read(websites: Mapping[str, str], sharing: int) -> dict[str, str]:
    """SIRET → site, without those that more than `sharing` suppliers give: a federation's, or a
    social network.
    """
    hosts: dict[str, int] = {}
    for site in websites.values():
        hosts[_host(site)] = hosts.get(_host(site), 0) + 1
    return {
        siret: site
        for siret, site in websites.items()
        if 0 < hosts[_host(site)] <= sharing and _host(site)
    }


def _host(site: str) -> str:
    try:
        return (urlsplit(site).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
