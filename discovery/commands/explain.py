"""`discovery explain "phrase" ID`: the score of one supplier, decomposed."""

from __future__ import annotations

from collections.abc import Iterator

import click

from discovery.commands.common import LANG, fail, guarded, services, typed
from discovery.explain.explain import Explanation, obstacles
from discovery.explain.explain import explain as explained
from discovery.present.explanation import obstacle
from discovery.present.messages import SIGNALS, TIERS, language, say
from discovery.search.parameters import Query


@click.command()
@click.argument("phrase")
@click.argument("id")
@LANG
@guarded
def explain(phrase: str, id: str, lang: str) -> None:
    """Say why the supplier ID (or slug) has its score for PHRASE: words, fields, weights, signals."""
    known = services()
    document = known.engine.get(typed(id))
    if document is None:
        fail(say("explain_unknown", {"id": typed(id)}, lang))
    if not document["live"]:
        fail(say("explain_delisted", {"id": typed(id)}, lang))
    if not known.search.scope.holds(document):
        fail(say("not_open_detail", {"scope": known.search.scope.label(lang)}, lang))
    request = known.search.request(Query(q=typed(phrase), lang=language(lang)))
    found = explained(known.engine, request, document)
    click.echo(f"{document['public']['name']} [{document['id']}]")
    if found is None:
        parts = [obstacle(one, lang) for one in obstacles(known.engine, request, document)]
        shown = ", ".join(parts) or say("explain_together", lang=lang)
        click.echo(say("explain_not_found", {"parts": shown}, lang))
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
    rank = f" · {say('explain_rank', {'rank': found.rank}, lang)}" if found.rank else ""
    yield say("explain_score", {name: exact(value, lang) for name, value in numbers.items()}, lang) + rank
    for tier in found.tiers:
        most = say("explain_at_most", {"weight": exact(tier.weight, lang, 2)}, lang)
        yield f"  {'+' + exact(tier.value, lang):>8}  {TIERS[tier.name][tier.way][lang]} ({most})"
    for word in found.words:
        yield f"  {'+' + exact(word.score * found.scale, lang):>8}  « {word.text} »"
        if not word.clauses:
            yield f"            {say('explain_no_field', lang=lang)}"
        said = [say("explain_best", lang=lang)]
        said.append(say("explain_others", {"tie_breaker": exact(found.tie_breaker, lang, 2)}, lang))
        for index, clause in enumerate(word.clauses):
            remark = said[index] if index < len(said) else ""
            value = exact(clause.score * found.scale, lang)
            yield f"  {value:>16}  {clause.field:<20} {clause.token:<16} {remark}".rstrip()
    for signal in found.signals:
        most = say("explain_at_most", {"weight": exact(signal.weight, lang, 2)}, lang)
        yield f"  {'+' + exact(signal.value, lang):>8}  {SIGNALS[signal.name][lang]} ({most})"
    for name, factor in found.factors:
        yield f"            {say('explain_factor', {'name': SIGNALS[name][lang], 'factor': f'{factor:g}'}, lang)}"


def exact(value: float, lang: str, digits: int = 4) -> str:
    text = f"{value:.{digits}f}"
    return text if lang == "en" else text.replace(".", ",")
