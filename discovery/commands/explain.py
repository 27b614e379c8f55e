"""`discovery explain "phrase" ID`: the score of one supplier, decomposed."""

from __future__ import annotations

from collections.abc import Iterator

import click

from discovery.answers.explanation import equals, obstacle, tier_label
from discovery.commands.common import LANG, fail, guarded, services, typed
from discovery.search.explain import Explanation, obstacles
from discovery.search.explain import explain as explained
from discovery.search.query import Query
from discovery.search.resolve_supplier import resolve_supplier
from discovery.texts import language, t


@click.command()
@click.argument("phrase")
@click.argument("id")
@LANG
@guarded
def explain(phrase: str, id: str, lang: str) -> None:
    """Say why the supplier ID (or slug) has its score for PHRASE: words, fields, weights, signals."""
    known = services()
    document = resolve_supplier(known.engine.get, typed(id))
    if document is None:
        fail(t("explain.unknown", lang, id=typed(id)))
    if not document["live"]:
        fail(t("explain.delisted", lang, id=typed(id)))
    if not known.search.scope.holds(document):
        fail(t("http.not_open.detail", lang, scope=known.search.scope.label(lang)))
    request = known.search.request(Query(q=typed(phrase), lang=language(lang)))
    found = explained(known.engine, request, document)
    click.echo(f"{document['public']['name']} [{document['id']}]")
    if found is None:
        parts = [obstacle(one, lang) for one in obstacles(known.engine, request, document)]
        shown = ", ".join(parts) or t("explain.together", lang)
        click.echo(t("explain.not_found", lang, parts=shown))
        return
    for line in report(found, lang):
        click.echo(line)


def report(found: Explanation, lang: str) -> Iterator[str]:
    """The score, the tiers, each word with the fields it was met in, each signal."""
    numbers = {
        "score": found.score,
        "base": found.base,
        "tiers": sum(one.value for one in found.tiers),
        "text": found.text.value,
        "signals": sum(one.value for one in found.signals),
    }
    rank = f" · {t('explain.rank', lang, rank=found.rank)}" if found.rank else ""
    yield t("explain.score", lang, **{name: exact(value, lang) for name, value in numbers.items()}) + rank
    for tier in found.tiers:
        most = t("explain.at_most", lang, weight=exact(tier.weight, lang, 2))
        yield f"  {'+' + exact(tier.value, lang):>8}  {tier_label(tier, lang)} ({most})"
    for word in found.words:
        yield f"  {'+' + exact(word.score * found.scale, lang):>8}  « {word.text} »"
        if not word.clauses:
            yield f"            {t('explain.no_field', lang)}"
        said = [t("explain.best", lang)]
        said.append(t("explain.others", lang, tie_breaker=exact(found.tie_breaker, lang, 2)))
        for index, clause in enumerate(word.clauses):
            remark = said[index] if index < len(said) else ""
            value = exact(clause.score * found.scale, lang)
            yield f"  {value:>16}  {clause.field:<20} {clause.token:<16} {remark}".rstrip()
    for signal in found.signals:
        most = t("explain.at_most", lang, weight=exact(signal.weight, lang, 2))
        yield f"  {'+' + exact(signal.value, lang):>8}  {t(f'label.signal.{signal.name}', lang)} ({most})"
    for name, factor in found.factors:
        yield f"            {t('explain.factor', lang, name=t(f'label.signal.{name}', lang), factor=f'{factor:g}')}"
    if found.equals:
        yield f"            {equals(found, lang)}"


def exact(value: float, lang: str, digits: int = 4) -> str:
    """A score with so many digits, as the language writes it."""
    text = f"{value:.{digits}f}"
    return text if lang == "en" else text.replace(".", ",")
