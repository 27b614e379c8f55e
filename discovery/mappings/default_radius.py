"""What the search chooses for people who give no distance: `mappings/places/near.yaml`."""

from typing import Annotated

from marshmallow import ValidationError
from marshmallow.validate import Length, Range

from discovery.declared import Filled, Reasoned, declared

_REASONED = Reasoned(why=Filled)
_Number = Annotated[int, Range(min=1, max=100), _REASONED]


def _ascending(radii: tuple[int, ...]) -> None:
    if not radii or sorted(set(radii)) != [*radii] or radii[0] < 1 or radii[-1] > 500:
        raise ValidationError("whole kilometres from 1 to 500, each once, smallest first")


@declared()
class Near:
    """The numbers by which "near" is chosen.

    `radii_km`: the circles to try, smallest first. `enough`: suppliers in the circle chosen, if any holds as many.
    `offered`: wider circles shown with their counts. `nearest`: suppliers shown when nobody is at the place asked.
    `plenty`: suppliers that do a trade, from which on who only speaks of it is no answer at a place, unless in a
    field of `said_in`. `few`: suppliers seated at a place that do a trade, below which those are offered too of whom
    no trade is known. `next_door_km`: who does the trade so near and declares other places for it is shown apart.
    """

    radii_km: Annotated[tuple[int, ...], _ascending, _REASONED]
    enough: _Number
    offered: _Number
    nearest: _Number
    plenty: _Number
    few: _Number
    next_door_km: _Number
    said_in: Annotated[tuple[str, ...], Length(min=1), _REASONED]
