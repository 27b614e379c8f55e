"""The trade classifier: a text → sectors with a probability and the words that say so, or no trade. Pure.

    trades = Keeper(lambda: define(mappings), folder).of(mappings)
    trades.of("Entretien des articles textiles du centre hospitalier").trades

Multinomial naive Bayes over single words and pairs in a row, in the index's own analysis, learnt in a second from what
analysts own: names of sectors, labels of codes through their crosswalks, grammar/outside.yaml, trades/examples.yaml.
"""

from discovery.trades.classifier import Classifier, assemble, learn
from discovery.trades.classifier_cache import Keeper, LazyClassifier
from discovery.trades.verdict import Trade, Verdict

__all__ = ["Classifier", "Keeper", "LazyClassifier", "Trade", "Verdict", "assemble", "learn"]
