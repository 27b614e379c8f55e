"""Make discovery/phrase/spelling/data/words.bin from spelling dictionaries: the words of French and
English.

    python -m tools.tables.words --aff fr.aff --dic fr.dic --words american-english british-english

French: `hunspell-fr-comprehensive` of Debian (Dicollecte, https://grammalecte.net, MPL 2.0), the
files `fr.aff` and `fr.dic`. English: `wamerican` and `wbritish` (SCOWL,
http://wordlist.aspell.net), lists of one word a line. Unpacked with `dpkg -x`. Nothing is fetched
here. The same files give the same bytes.

It holds the CRC-32 of every folded word, sorted, as little-endian 32-bit integers.
"""

import argparse
import re
import sys
from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from discovery.mappings.phrases import fold

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "discovery" / "phrase" / "spelling" / "data"
SHORTEST = 2  # letters of a word worth knowing


@dataclass(frozen=True, slots=True)
class Rule:
    strip: str
    add: str
    then: tuple[str, ...]
    ends: re.Pattern[str]


def flags_of(text: str) -> tuple[str, ...]:
    """Flags of two characters, as `FLAG long` says."""
    return tuple(text[i : i + 2] for i in range(0, len(text), 2))


def suffixes(aff: Path) -> dict[str, list[Rule]]:
    """Flag → its rules. Prefixes only elide in French ("l'", "qu'"): they make no other word."""
    rules: dict[str, list[Rule]] = defaultdict(list)
    for line in aff.read_text(encoding="utf-8").splitlines():
        parts = line.split()
        if len(parts) < 5 or parts[0] != "SFX":
            continue
        added, _, then = parts[3].partition("/")
        rules[parts[1]].append(
            Rule("" if parts[2] == "0" else parts[2], "" if added == "0" else added, flags_of(then),
                 re.compile(parts[4] + "$"))
        )  # fmt: skip
    return rules


def forms(
    word: str, flags: tuple[str, ...], rules: dict[str, list[Rule]], depth: int = 2
) -> Iterator[str]:
    for flag in flags:
        for rule in rules.get(flag, ()):
            if word.endswith(rule.strip) and rule.ends.search(word):
                form = word[: len(word) - len(rule.strip)] + rule.add
                yield form
                if depth > 1:
                    yield from forms(form, rule.then, rules, depth - 1)


def french(aff: Path, dic: Path) -> Iterator[set[str]]:
    """The forms of each entry."""
    rules = suffixes(aff)
    for line in dic.read_text(encoding="utf-8").splitlines()[1:]:
        entry, _, _ = line.partition(" ")
        word, _, flags = entry.partition("/")
        listed = flags_of(flags)
        if "{}" in listed or not word:
            continue
        found = set(forms(word, listed, rules))
        yield found if "()" in listed and found else found | {word}


def parts(words: set[str]) -> set[str]:
    """Folded words of letters only; compounds give their parts, which is how phrases are read."""
    return {
        part
        for word in words
        for part in re.findall(r"[^\W\d_]+", fold(word))
        if len(part) >= SHORTEST and part.isascii()
    }


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--aff", type=Path, required=True)
    options.add_argument("--dic", type=Path, required=True)
    options.add_argument("--words", type=Path, nargs="+", required=True)
    asked = options.parse_args()

    known = set().union(*french(asked.aff, asked.dic))
    for file in asked.words:
        known.update(file.read_text(encoding="utf-8").split())
    sums = array("I", sorted({crc32(word.encode()) for word in parts(known)}))
    if sums.itemsize != 4:
        raise SystemExit("this machine's `unsigned int` is not 32 bits wide")
    if sys.byteorder == "big":
        sums.byteswap()
    DATA.mkdir(exist_ok=True)
    (DATA / "words.bin").write_bytes(sums.tobytes())
    print(f"{len(sums)} words", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
