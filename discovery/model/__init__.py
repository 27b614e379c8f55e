"""What can be asked of a supplier, declared once; and the dataclasses of all rooms."""

from dataclasses import field, fields, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    import dataclasses

    def dataclass(cls=None, /, *, frozen=False, eq=True, **options):
        """`dataclasses.dataclass`; that a class is frozen is for the type checker to hold. At run time it would be
        written by `object.__setattr__`, field by field: a fifteenth of what a search takes."""
        return dataclasses.dataclass(cls, eq=eq, unsafe_hash=frozen and eq, **options)


__all__ = ["dataclass", "field", "fields", "replace"]
