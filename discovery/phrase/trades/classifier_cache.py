"""The classifier of the mappings that serve: the one that comes with the package, or learnt where mappings differ.

`classifier.npz` beside this module is what `scripts/build_classifier` learnt from the mappings of the package, with
their fingerprint: a model of others is learnt when they are loaded, which takes seconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache, cached_property, partial
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from discovery.engine.definition import Definition
from discovery.mappings.mappings import Mappings
from discovery.phrase.trades.classifier import Classifier, assemble, learn
from discovery.phrase.trades.model import Model
from discovery.phrase.trades.verdict import Verdict

FORMAT = 1
"""Of what is learnt: a change of code that learns otherwise changes it."""
PACKAGED = Path(__file__).with_name("classifier.npz")
_MAX_LEARNT = 4
_ARRAYS = ("at", "classes", "gains", "base")

_learnt: dict[str, Model] = {}
_learning = Lock()


class LazyClassifier:
    """The classifier of some mappings, read or learnt when first asked."""

    def __init__(self, make: Callable[[], Classifier]) -> None:
        self._make = make

    @cached_property
    def classifier(self) -> Classifier:
        """The classifier, read or learnt when first asked for."""
        return self._make()

    def of(self, text: str) -> Verdict:
        """What the classifier says of a text."""
        return self.classifier.of(text)

    def learn(self) -> None:
        """Read or learn now; else the first text waits for it."""
        _ = self.classifier


class ClassifierCache:
    """Shared by threads, inherited by forked workers. `definition`: whose analysis reads texts."""

    def __init__(self, definition: Callable[[], Definition]) -> None:
        self._define = definition
        self._last: tuple[tuple[object, ...], LazyClassifier] | None = None

    def of(self, mappings: Mappings) -> LazyClassifier:
        """The classifier of some mappings: the same one until a reload changes something that it learns from or
        decides by."""
        seen = (mappings.codes, mappings.grammar.outside, mappings.trades)
        last = self._last
        if last is None or any(part is not other for part, other in zip(seen, last[0], strict=True)):
            self._last = last = (seen, LazyClassifier(partial(self._made, mappings)))
        return last[1]

    @cached_property
    def _definition(self) -> Definition:
        return self._define()

    def _made(self, mappings: Mappings) -> Classifier:
        definition = self._definition
        name, (packaged, model) = fingerprint(mappings, definition), _packaged()
        if packaged != name:
            with _learning:
                if name not in _learnt:
                    while len(_learnt) >= _MAX_LEARNT:
                        del _learnt[next(iter(_learnt))]
                    _learnt[name] = learn(mappings, definition.analysis)
                model = _learnt[name]
        return assemble(model, mappings, definition.analysis.of_queries())


@cache
def _packaged() -> tuple[str, Model]:
    return read(PACKAGED)


def read(file: Path) -> tuple[str, Model]:
    """A model that was written, with the fingerprint of what it was learnt from."""
    with np.load(file, allow_pickle=False) as held:
        features = bytes(held["features"]).decode().split("\n")
        model = Model(
            tuple(bytes(held["names"]).decode().split("\n")),
            dict(zip(features, range(len(features)), strict=True)),
            *(held[part] for part in _ARRAYS),
        )
        return bytes(held["fingerprint"]).decode(), model


def write(file: Path, name: str, model: Model) -> None:
    """Write a model with its fingerprint; the same model gives the same bytes."""
    texts = {"fingerprint": [name], "names": model.names, "features": model.places}
    arrays: dict[str, Any] = {part: np.frombuffer("\n".join(text).encode(), np.uint8) for part, text in texts.items()}
    np.savez_compressed(file, **arrays, **{part: getattr(model, part) for part in _ARRAYS})


def fingerprint(mappings: Mappings, definition: Definition) -> str:
    """A digest of whatever the classifier learns from."""
    learnt_from = (
        FORMAT,
        mappings.vocabulary_fingerprint,
        definition.body["settings"]["analysis"],
        sorted(mappings.codes.cpv.items()),
        sorted(mappings.grammar.outside.all),
        mappings.trades.learning,
        sorted(mappings.trades.silent),
        mappings.trades.examples,
    )
    return hashlib.sha256(repr(learnt_from).encode()).hexdigest()[:16]
