"""The formats that can be read, and how each is recognised."""

from collections.abc import Callable, Mapping
from functools import partial

from discovery.model import dataclass, replace
from indexer.intake.readers import canonical_csv, registers
from indexer.intake.readers.json_lines import read_array, read_lines
from indexer.intake.readers.table import Reader, Row, header_of
from indexer.intake.source import BrokenFile

__all__ = ["FORMATS", "Format", "Reader", "Row", "format_of", "recognise"]

HEAD_CHARACTERS = 1 << 16


@dataclass(frozen=True, slots=True)
class Format:
    """A format of files.

    `source` is what suppliers made from it are said to come from. `fits`: whether a CSV header is
    its own.

    `id_prefix`: the reader makes ids that start so; a supplier known by its SIRET keeps its older
    id.
    """

    name: str
    source: str
    read: Reader
    fits: Callable[[frozenset[str]], bool] = lambda _names: False
    about: str = ""
    id_prefix: str = ""


def _canonical(names: frozenset[str]) -> bool:
    return {"name", "kind"} <= names and any(map(canonical_csv.is_known, names - {"name", "kind"}))


FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        Format("jsonl", "canonical", read_lines, about="canonical JSON, one object a line"),
        Format("json", "canonical", read_array, about="canonical JSON, one array"),
        Format(
            "siae",
            "siae",
            registers.read_siae,
            lambda names: {"siret", "kind", "name", "post_code", "city"} <= names,
            "the SIAE list (siret, kind, name, post_code, city…)",
        ),
        Format(
            "esat-finess",
            "esat-finess",
            registers.read_esat_finess,
            lambda names: {"finess_et", "name"} <= names,
            "the FINESS list of ESAT (finess_et, name…)",
            registers.FINESS_ID,
        ),
        Format(
            "csv",
            "canonical",
            canonical_csv.read_canonical_csv,
            _canonical,
            "canonical CSV (name, kind, address.post_code…)",
        ),
    )
}
_COLUMNS = canonical_csv.COLUMNS.union(registers.SIAE, registers.FINESS, registers.FINESS_OWN)


def format_of(head: str, aliases: Mapping[str, str], name: str | None = None) -> Format:
    """The format of that name, else that of a text that begins with `head`; ours reads columns by
    `aliases` too. Raises BrokenFile.
    """
    chosen = FORMATS[name] if name else recognise(head, aliases)
    if chosen.name != "csv":
        return chosen
    return replace(chosen, read=partial(canonical_csv.read_canonical_csv, aliases=aliases))


def recognise(head: str, aliases: Mapping[str, str] | None = None) -> Format:
    """The format of a text that begins with `head` (its first line whole). Raises BrokenFile."""
    start = head.lstrip()
    if not start:
        raise BrokenFile("the file is empty", "Give a file with at least one supplier")
    if start[0] in "[{":
        return FORMATS["json" if start[0] == "[" else "jsonl"]
    line = head.splitlines()[0]
    names = frozenset(header_of(line, _COLUMNS).names)
    for each in FORMATS.values():
        if each.fits(names):
            return each
    if _canonical(frozenset(header_of(line, canonical_csv.COLUMNS, aliases).names)):
        return FORMATS["csv"]
    shown = ", ".join(sorted(filter(None, names)))[:200]
    known = "; ".join(f"{each.name}: {each.about}" for each in FORMATS.values())
    raise BrokenFile(
        f"the format is not recognised; the first line says: {shown}", f"Formats known: {known}", 1
    )
