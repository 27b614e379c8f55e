"""The classifier of the mappings that serve: learnt once by a process, and kept in a file for the next one."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from threading import Lock

import numpy as np

from discovery.config.mappings import Mappings
from discovery.engine.definition import Definition
from discovery.trades.classifier import Classifier, assemble, learn
from discovery.trades.model import Model
from discovery.trades.verdict import Verdict

FORMAT = 1
"""Of the file and of what it is learnt by: a change of code that learns otherwise changes it."""
_MAX_LEARNT = 4

_learnt: dict[str, Model] = {}
_learning = Lock()


class LazyClassifier:
    """The classifier of some mappings, learnt or read when first asked."""

    def __init__(self, make: Callable[[], Classifier]) -> None:
        self._make = make

    @cached_property
    def classifier(self) -> Classifier:
        """The classifier, learnt or read from its file when first asked for."""
        return self._make()

    def of(self, text: str) -> Verdict:
        """What the classifier says of a text."""
        return self.classifier.of(text)

    def learn(self) -> None:
        """Learn now; else the first text waits for it."""
        _ = self.classifier


class Keeper:
    """Shared by threads, inherited by forked workers. `definition`: whose analysis reads texts. `folder`: for the
    file; None keeps nothing. A file that can't be read or written is done without."""

    def __init__(self, definition: Callable[[], Definition], folder: Path | None = None) -> None:
        self._define = definition
        self._folder = folder
        self._last: tuple[tuple[object, ...], LazyClassifier] | None = None

    def of(self, mappings: Mappings) -> LazyClassifier:
        """The classifier of some mappings: the same one until a reload changes something that it learns from or
        decides by."""
        seen = (mappings.codes, mappings.grammar.outside, mappings.trades)
        last = self._last
        if last is None or any(one is not other for one, other in zip(seen, last[0], strict=True)):
            self._last = last = (seen, LazyClassifier(partial(self._made, mappings)))
        return last[1]

    @cached_property
    def _definition(self) -> Definition:
        return self._define()

    def _made(self, mappings: Mappings) -> Classifier:
        analysis, name = self._definition.analysis, fingerprint(mappings, self._definition)
        with _learning:
            model = _learnt.get(name)
            if model is None:
                model = self._read(name)
            if model is None:
                model = learn(mappings, analysis)
                self._write(name, model)
            while len(_learnt) >= _MAX_LEARNT:
                del _learnt[next(iter(_learnt))]
            _learnt[name] = model
        return assemble(model, mappings, analysis.of_queries())

    def _read(self, name: str) -> Model | None:
        if self._folder is None:
            return None
        try:
            with np.load(self._folder / f"{name}.npz", allow_pickle=False) as held:
                features = bytes(held["features"]).decode().split("\n")
                return Model(
                    tuple(bytes(held["names"]).decode().split("\n")),
                    dict(zip(features, range(len(features)), strict=True)),
                    *(held[part] for part in _ARRAYS),
                )
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return None

    def _write(self, name: str, model: Model) -> None:
        """Whole or not at all; those of other mappings go."""
        if self._folder is None:
            return
        made = self._folder / f"{name}.{os.getpid()}.tmp"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with made.open("wb") as file:
                np.savez(
                    file,
                    names=_bytes(model.names),
                    features=_bytes(model.places),
                    **{part: getattr(model, part) for part in _ARRAYS},
                )
            for old in self._folder.glob("*.npz"):
                old.unlink(missing_ok=True)
            made.replace(self._folder / f"{name}.npz")
        except OSError:
            with suppress(OSError):
                made.unlink()


_ARRAYS = ("at", "classes", "gains", "base")


def _bytes(names: object) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)  # type: ignore[arg-type]


def fingerprint(mappings: Mappings, definition: Definition) -> str:
    """A digest of whatever the classifier learns from."""
    codes = sorted(mappings.codes.cpv.items())
    outside = sorted(mappings.grammar.outside.all)
    content = (FORMAT, definition.fingerprint, codes, outside, mappings.trades.learning, sorted(mappings.trades.silent))
    return hashlib.sha256(repr((content, mappings.trades.examples)).encode()).hexdigest()[:16]
