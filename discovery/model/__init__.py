"""What can be asked of a supplier, declared once; and the dataclasses of all rooms."""

from dataclasses import field, fields
from functools import cache, partial
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:
    import dataclasses

    def dataclass(cls=None, /, *, frozen=False, eq=True, **options):
        """`dataclasses.dataclass`; that a class is frozen is for the type checker to hold. At run
        time it would be written by `object.__setattr__`, field by field: a fifteenth of what a
        search takes. What compares, hashes and shows is not compiled for each class, which took a
        tenth of a start.
        """
        if cls is None:
            return partial(dataclass, frozen=frozen, eq=eq, **options)
        own, made = vars(cls), dataclasses.dataclass(cls, eq=False, repr=False, **options)
        compared = _reader(one.name for one in fields(made) if one.compare)
        hashed = _reader(
            one.name for one in fields(made) if (one.compare if one.hash is None else one.hash)
        )

        def equal(self, other):
            return (
                compared(self) == compared(other)
                if other.__class__ is self.__class__
                else NotImplemented
            )

        def number(self):
            return hash(hashed(self))

        methods = {
            "__repr__": _shown,
            **({"__eq__": equal, "__hash__": number if frozen else None} if eq else {}),
        }
        for name in methods.keys() - own.keys():
            setattr(made, name, methods[name])
        return made

    def _reader(names):
        """What gives the values of fields as a tuple; of one name alone `attrgetter` would give
        none.
        """
        names = tuple(names)
        return attrgetter(*names, names[0]) if names else lambda _: ()

    @recursive_repr()
    def _shown(self):
        held = (f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
        return f"{type(self).__qualname__}({', '.join(held)})"

    @cache
    def _read(cls):
        """Place of each field by name, what reads them all, and what writes them all: compiled,
        since a query has seventy, and by their names its `__init__` takes three times as long.
        """
        names = [one.name for one in fields(cls) if one.init]
        made = {}
        each = "; ".join(f"one.{name} = {name}" for name in names) or "pass"
        exec(f"def fill({', '.join(['one', *names, '*_'])}): {each}", made)  # noqa: S102 (our own names)
        plain = len(names) == len(fields(cls)) and cls.__setattr__ is object.__setattr__
        plain = plain and not hasattr(cls, "__post_init__")
        return (
            {name: place for place, name in enumerate(names)},
            _reader(names),
            made["fill"] if plain else None,
        )

    def replace(held, /, **changes):
        """`dataclasses.replace`, which looks at each field in Python."""
        places, read, fill = _read(type(held))
        if fill is None:
            return type(held)(**{**dict(zip(places, read(held), strict=False)), **changes})
        values, made = [*read(held)], object.__new__(type(held))
        for name, value in changes.items():
            values[places[name]] = value
        fill(made, *values)
        return made


__all__ = ["dataclass", "field", "fields", "replace"]
