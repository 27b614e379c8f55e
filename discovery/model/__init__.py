"""What can be asked of a supplier, declared once; and the dataclasses of all rooms."""

from dataclasses import field, fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:
    import dataclasses

    def dataclass(cls=None, /, *, frozen=False, eq=True, **options):
        """`dataclasses.dataclass`; that a class is frozen is for the type checker to hold. At run time it would be
        written by `object.__setattr__`, field by field: a fifteenth of what a search takes."""
        return dataclasses.dataclass(cls, eq=eq, unsafe_hash=frozen and eq, **options)

    @cache
    def _read(cls):
        names = tuple(one.name for one in fields(cls) if one.init)
        return names, attrgetter(*names, names[0])  # of one name alone it would give no tuple

    def replace(held, /, **changes):
        """`dataclasses.replace`, which looks at each field in Python."""
        names, read = _read(type(held))
        return type(held)(**{**dict(zip(names, read(held), strict=False)), **changes})


__all__ = ["dataclass", "field", "fields", "replace"]
