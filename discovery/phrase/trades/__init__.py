"""The trade classifier: a text → sectors with a probability and the words that say so, or no trade. Pure.

    trades = ClassifierCache(lambda: define(mappings)).of(mappings)
    trades.of("Entretien des articles textiles du centre hospitalier").trades

Multinomial naive Bayes over single words and pairs in a row, in the index's own analysis, learnt from what analysts
own: names of sectors, labels of codes through their crosswalks, grammar/outside.yaml, trades/examples.yaml. What is
learnt from the mappings of the package comes with it.
"""

from discovery.phrase.trades.classifier import Classifier, assemble, learn
from discovery.phrase.trades.classifier_cache import ClassifierCache, LazyClassifier
from discovery.phrase.trades.verdict import Trade, Verdict

__all__ = ["Classifier", "ClassifierCache", "LazyClassifier", "Trade", "Verdict", "assemble", "learn"]
