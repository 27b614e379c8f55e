"""How likely each trade is in a phrase: a model of the whole text, joined with the names that stand
in it.

reader_of(mappings.trades).of("Entretien des articles textiles du centre hospitalier", {}).groups
"""

from discovery.phrase.trades.reader import NONE, Likely, Names, TradeReader, Why, reader_of

__all__ = ["NONE", "Likely", "Names", "TradeReader", "Why", "reader_of"]
