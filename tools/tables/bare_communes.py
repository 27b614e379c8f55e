"""How many of the 35,000 names of communes are read when typed bare after a trade, and why the
others are not.

    python -m tools.tables.bare_communes [--phrase "nettoyage {name}"] [--lower] [--list REASON]

A name is right when the place read is a commune of that name. Each name that isn't is counted under
the first reason that holds. Takes about a minute of one core.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable

from discovery.mappings.mappings import load_mappings
from discovery.phrase import Intent, Lexicon, parse
from discovery.phrase.lexer import lex
from discovery.phrase.spelling.words import known_word
from discovery.places import Gazetteer, gazetteer, normalise

READ = "read"
SHORT = 4
"""Letters of a name below which it is an abbreviation first."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--phrase", default="nettoyage {name}")
    parser.add_argument("--lower", action="store_true", help="type the names in lower case")
    parser.add_argument(
        "--list", metavar="REASON", help="show the names of a reason that starts so"
    )
    arguments = parser.parse_args()
    counted = count(arguments.phrase, lower=arguments.lower)
    for reason, names in sorted(counted.items(), key=lambda one: -len(one[1])):
        print(f"{len(names):6}  {reason}")
        if arguments.list and reason.startswith(arguments.list):
            print("        " + ", ".join(names))
    fair = sum(len(names) for reason, names in counted.items() if not reason.startswith("a word"))
    print(
        f"{len(counted[READ]) / fair:.1%} of the {fair} names that are no word of the language or trade are read"
    )
    return 0


def count(phrase: str, *, lower: bool = False, every: int = 1) -> dict[str, list[str]]:
    """Names, one of `every`, by what became of them: `READ`, or a reason."""
    mappings = load_mappings()
    known = gazetteer().naming(mappings.places)
    lexicon = Lexicon.from_vocabulary(mappings.vocabulary)

    def understand(q: str) -> Intent:
        return parse(
            q, grammar=mappings.grammar, lexicon=lexicon, gazetteer=known, frequent=lambda _: False
        )

    counted: dict[str, list[str]] = defaultdict(list)
    for name in list(known.commune_names())[::every]:
        counted[
            outcome(name.lower() if lower else name, phrase, understand, known, lexicon)
        ].append(name)
    return counted


def outcome(
    name: str, phrase: str, understand: Callable[[str], Intent], known: Gazetteer, lexicon: Lexicon
) -> str:
    found = [
        piece.value
        for piece in understand(phrase.format(name=name)).pieces
        if piece.type == "place"
    ]
    bearing = {f"commune:{one.code}" for one in known.by_name(name)}
    if len(found) == 1 and found[0] in bearing:
        return READ
    own = [token for token in lex(name) if len(token.fold) > 2]
    if all(lexicon.knows(token.stem) or known_word(token.fold) for token in own) and own:
        return "a word of the language or trade"
    if len(normalise(name).replace(" ", "")) < SHORT:
        return "a name of three letters or less"
    if found and known.department_by_name(name):
        return "a department of that name"
    if found and known.groupings_by_name(name):
        return "an area of that name"
    if found:
        return "another place"
    return "left as words"


if __name__ == "__main__":
    sys.exit(main())
