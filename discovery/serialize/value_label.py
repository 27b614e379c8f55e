"""What a filter's value is called where a search is told in words."""

from __future__ import annotations

from collections.abc import Iterator

from discovery.locales import t
from discovery.schema.attributes import EXCLUSIONS, FILTERS
from discovery.search.parameters import Query
from discovery.serialize.supplier import Names


def value_label(parameter: str, value: str, names: Names, lang: str) -> str:
    """A filter's value in words; kinds by their code, which is how people name them."""
    if parameter == "kind":
        return value
    if parameter == "place":
        return names.gazetteer.label(value, lang)
    if parameter in {"department", "region"}:
        return names.gazetteer.label(f"{parameter}:{value}", lang)
    term = names.vocabulary.terms(parameter).get(value)
    return term.label(lang) if term else value


def in_words(query: Query, names: Names) -> Iterator[str]:
    """A search whose values were checked, for a title: the phrase, where, what, and what is refused."""
    lang = query.lang
    if query.q.strip():
        yield t("follow.feed_words", lang, text=query.q.strip())
    if query.near.strip():
        yield t("search.around", lang, label=names.gazetteer.label(query.near, lang))
    for parameter in ("place", *FILTERS):
        for value in query.values(parameter):
            yield value_label(parameter, value, names, lang)
    for parameter in (*EXCLUSIONS, "not_place"):
        for value in query.values(parameter):
            yield t("search.except", lang, label=value_label(parameter.removeprefix("not_"), value, names, lang))
