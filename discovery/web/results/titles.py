"""What search engines show of a search page, and whether they may keep it. Pure."""

from __future__ import annotations

from typing import Any

from discovery.config.vocabulary import Vocabulary
from discovery.locales import Translate
from discovery.web.frame.urls import Pairs


def of_search(
    pairs: Pairs, heading: str, total: int, vocabulary: Vocabulary, t: Translate, lang: str
) -> dict[str, Any]:
    """`page_title` (without the site's), `page_summary`, and `indexed`: the home page and one page a family of trades.

    Any other search is one of too many: its page asks not to be kept.
    """
    asked = tuple(pair for pair in pairs if pair[0] != "lang")
    group = landing(asked, vocabulary)
    if group and total:
        sector = vocabulary.sector_groups[group].label(lang)
        title = t("search.landing", sector=sector, count=total)
        return {
            "page_title": title,
            "page_summary": t("search.landing_summary", sector=sector, heading=heading),
            "indexed": True,
        }
    if (one := alone(asked, vocabulary)) and total:
        sector = vocabulary.sectors[one].label(lang)
        return {
            "page_title": t("search.landing", sector=sector, count=total),
            "page_summary": t("search.landing_summary", sector=sector, heading=heading),
            "indexed": False,
        }
    if not asked:
        return {"page_title": "", "page_summary": t("page.tagline"), "indexed": True}
    q = next((value for name, value in asked if name == "q"), "")
    summary = t("search.summary", heading=heading, q=q) if q else t("page.tagline")
    return {"page_title": f"{q} – {heading}" if q else heading, "page_summary": summary, "indexed": False}


def landing(asked: Pairs, vocabulary: Vocabulary) -> str:
    """The family of trades that is all that is asked; else none."""
    value = _only_sector(asked)
    return value if value in vocabulary.sector_groups else ""


def alone(asked: Pairs, vocabulary: Vocabulary) -> str:
    """The trade that is all that is asked; else none."""
    value = _only_sector(asked)
    return value if value in vocabulary.sectors else ""


def _only_sector(asked: Pairs) -> str:
    [(name, value)] = asked if len(asked) == 1 else [("", "")]
    return value if name == "sector" else ""
