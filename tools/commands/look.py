"""How the program reads: `crosswalk` a code, `tokens` a text, `explain` one supplier's score,
`texts` its own texts.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from discovery.answers.explanation import equals, obstacle, tier_label
from discovery.commands.common import LANG, fail, guarded, services, typed
from discovery.engine.analysis import Analysis
from discovery.engine.port import EngineUnavailable
from discovery.mappings import Mappings, MappingsError, Settings, load_mappings
from discovery.mappings.codes import code_label, cpv_label, read_code
from discovery.mappings.crosswalk import Meaning
from discovery.mappings.vocabulary import LANGS
from discovery.search.explain import Explanation, obstacles
from discovery.search.explain import explain as explained
from discovery.search.query import Query
from discovery.search.service import resolve_supplier
from discovery.search.words import FRENCH
from discovery.texts import language, t
from discovery.texts.files import FOLDER, check, load

MAX_NEIGHBOURS = 8
FILES = {
    "cpv": "vocabulary/crosswalk/cpv.yaml",
    "rome": "vocabulary/crosswalk/rome.yaml",
    "naf": "vocabulary/naf.yaml",
}


@click.command()
@click.argument("code")
@guarded
def crosswalk(code: str) -> None:
    """Show which sectors CODE means: 90911200, 90910000-9, "CPV 9091", 9091, 81.21Z, K2204."""
    mappings = load_mappings(Settings.from_env().mappings)
    # In a phrase a few digits may be anything; here they can only begin a CPV code.
    found = read_code(code) or read_code(f"CPV {code}")
    if found is None:
        fail(
            f"'{code}' is no CPV, NAF or ROME code. Write one as 90911200, 9091 (its first digits), 81.21Z or K2204."
        )
    meaning = mappings.codes.meaning(found.classification, found.code, mappings.vocabulary)
    label = code_label(found.classification, found.code, mappings.vocabulary)
    click.echo(f"{found.classification.upper()} {found.code}" + (f" – {label}" if label else ""))
    if meaning is None:
        click.echo(f"  nobody decided what it means: add it to {FILES[found.classification]}")
        return
    for line in _lines(meaning, mappings):
        click.echo(f"  {line}")
    click.echo(f"  decided by '{meaning.prefix}' in {FILES[found.classification]}")
    if found.classification == "cpv":
        for prefix in _neighbours(meaning.prefix, mappings):
            near = mappings.codes.cpv[prefix]
            says = "none" if near.none else ", ".join(near.all)
            click.echo(f"    beside it: {prefix} {cpv_label(prefix)[:50]} → {says}")


def _lines(meaning: Meaning, mappings: Mappings) -> list[str]:
    if meaning.none:
        return [f"no inclusive trade: {meaning.why}"]
    names = mappings.vocabulary.terms("sector")
    lines = [f"{names[slug].label()} ({slug})" for slug in meaning.sectors]
    lines += [f"{names[slug].label()} ({slug}), related" for slug in meaning.related]
    return lines + ([f"because: {meaning.why}"] if meaning.why else [])


def _neighbours(prefix: str, mappings: Mappings) -> list[str]:
    """The rows that share all but the last digit, and those below."""
    near = [one for one in mappings.codes.cpv if one != prefix and one.startswith(prefix[:-1])]
    return sorted(near, key=lambda one: (not one.startswith(prefix), len(one), one))[
        :MAX_NEIGHBOURS
    ]


@click.command()
@click.argument("text")
@click.option(
    "--field", default="description", show_default=True, help="The field whose analyzer is used."
)
@guarded
def tokens(text: str, field: str) -> None:
    """Print the tokens of TEXT: position, place in the text, surface → token, and the equivalents
    of the token.
    """
    known = services()
    fields = {
        name: mapping["analyzer"]
        for name, mapping in known.definition.body["mappings"]["properties"].items()
        if mapping.get("type") == "text"
    }
    if field not in fields:
        fail(f"--field {field}: no such text field; one of {', '.join(fields)}")
    try:
        analysis, source = known.engine.analysis(), "the index that serves"
    except EngineUnavailable:
        analysis, source = known.definition.analysis, "mappings/ (no index serves yet)"
    equivalents = _equivalents(known.mappings, analysis)
    text = typed(text)
    click.echo(f"analyzer {fields[field]}, of {source}")
    for token in analysis.tokens(fields[field], text):
        others = equivalents.get(token.term, ()) if fields[field] == FRENCH else ()
        also = f"   = {', '.join(others)}" if others else ""
        surface = text[token.start : token.end]
        click.echo(
            f"{token.position:>4}  {token.start:>4}–{token.end:<4} {surface} → {token.term}{also}"
        )


def _equivalents(mappings: Mappings, analysis: Analysis) -> Mapping[str, tuple[str, ...]]:
    """None when an older index can't read today's rules: the service searches without them too."""
    try:
        return mappings.equivalences.compile(lambda word: analysis.terms(FRENCH, word))
    except MappingsError:
        return {}


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
    for line in report_score(found, lang):
        click.echo(line)


def report_score(found: Explanation, lang: str) -> Iterator[str]:
    """The score, the tiers, each word with the fields it was met in, each signal."""
    numbers = {
        "score": found.score,
        "base": found.base,
        "tiers": sum(one.value for one in found.tiers),
        "text": found.text.value,
        "signals": sum(one.value for one in found.signals),
    }
    rank = f" · {t('explain.rank', lang, rank=found.rank)}" if found.rank else ""
    yield (
        t("explain.score", lang, **{name: exact(value, lang) for name, value in numbers.items()})
        + rank
    )
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


@click.group()
def texts() -> None:
    """What users read, in every language."""


@texts.command(name="check")
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=FOLDER
)
@guarded
def check_command(folder: Path) -> None:
    """Read every text of FOLDER (default: the program's own), and compare its languages.

    Each fault is a line, `file:line: key and what is wrong → fix`. Exit code 0: none; 2: the
    service would not start or would show half a sentence.
    """
    problems = check(folder)
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        sys.exit(2)
    click.echo(
        f"{folder}: {len(load(LANGS[0], folder))} texts, the same in {', '.join(LANGS)}. No fault."
    )
