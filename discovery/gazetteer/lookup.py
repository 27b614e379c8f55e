"""The gazetteer: one object that answers every question about French places, from memory."""

from __future__ import annotations

from collections.abc import Iterator

from discovery.gazetteer.model import Commune, Department, Place, Region


class Gazetteer:
    """Communes, departments, regions and post codes of France. Immutable; safe to share between threads."""

    @classmethod
    def load(cls) -> Gazetteer:
        """The process-wide gazetteer, read once from the package's data."""
        raise NotImplementedError

    # Codes
    def commune(self, code: str) -> Commune | None:
        """The commune (or municipal arrondissement) of an INSEE code; a former code gives today's commune."""
        raise NotImplementedError

    def department(self, code: str) -> Department | None:
        raise NotImplementedError

    def region(self, code: str) -> Region | None:
        raise NotImplementedError

    def departments(self) -> tuple[Department, ...]:
        raise NotImplementedError

    def regions(self) -> tuple[Region, ...]:
        raise NotImplementedError

    def departments_of(self, region: str) -> tuple[Department, ...]:
        raise NotImplementedError

    def communes(self) -> Iterator[Commune]:
        """Every commune and municipal arrondissement, by code."""
        raise NotImplementedError

    def commune_names(self) -> Iterator[str]:
        """Distinct official names of communes (no arrondissements), for building dictionaries."""
        raise NotImplementedError

    def city_codes(self, code: str) -> frozenset[str]:
        """Commune codes that count as the same city: {city} + its arrondissements for Paris, Lyon, Marseille."""
        raise NotImplementedError

    def codes_holding(self, code: str) -> tuple[str, str, str]:
        """(city code, department code, region code) of a commune code. KeyError when unknown."""
        raise NotImplementedError

    # Post codes
    def communes_of_postcode(self, post_code: str) -> tuple[Commune, ...]:
        """Communes of a post code, most populous first; 75012, 75116, 69003, 13001 give the arrondissement."""
        raise NotImplementedError

    def postcodes_with_prefix(self, prefix: str) -> tuple[str, ...]:
        raise NotImplementedError

    # Names
    def by_name(
        self,
        name: str,
        *,
        hint_department: str | None = None,
        hint_region: str | None = None,
        hint_postcode: str | None = None,
    ) -> tuple[Commune, ...]:
        """Communes of that name, in any spelling, with or without article; those that fit the hints first, then by population.

        "CEDEX 03" is ignored; "Paris 12e", "Lyon 3" give the arrondissement; a former commune's name gives today's.
        """
        raise NotImplementedError

    def by_name_fuzzy(self, name: str, limit: int = 5) -> tuple[Commune, ...]:
        """Communes whose name (of 7 letters or more) is at most one edit away; nearest, then most populous, first."""
        raise NotImplementedError

    def by_prefix(self, prefix: str, limit: int = 10) -> tuple[Commune, ...]:
        """Communes whose name, with or without article, starts so; most populous first."""
        raise NotImplementedError

    def arrondissement(self, city: str, number: int) -> Commune | None:
        """`arrondissement("paris", 12)` → Paris 12e Arrondissement."""
        raise NotImplementedError

    def department_by_name(self, name: str) -> Department | None:
        raise NotImplementedError

    def region_by_name(self, name: str) -> Region | None:
        """Official, customary or English name ("PACA", "Île de France", "Brittany")."""
        raise NotImplementedError

    def former_region(self, name: str) -> tuple[Department, ...]:
        """The departments of a region of before 2016 ("Alsace", "Rhône-Alpes"); empty when there is no such."""
        raise NotImplementedError

    # Points
    def nearest(self, lat: float, lon: float) -> tuple[Commune, float] | None:
        """The commune (or arrondissement) whose point is nearest, and the kilometres to it."""
        raise NotImplementedError

    def department_at(self, lat: float, lon: float) -> str | None:
        """The department that holds a point, by the simplified outlines; None outside France."""
        raise NotImplementedError

    # Places
    def parse_place(self, code: str) -> Place | None:
        """`commune:69123`, `postcode:01150`, `department:69`, `region:84`, `country` → Place; None when unknown.

        A former commune code becomes today's.
        """
        raise NotImplementedError

    def label(self, place: Place | str, lang: str = "fr") -> str:
        """"Lyon (69)", "Paris 12e (75)", "Rhône (69)", "Bretagne", "01150", "toute la France"; the code itself when unknown."""
        raise NotImplementedError

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Place codes that hold a place, nearest first: commune:69383 → commune:69123, department:69, region:84.

        A post code has the departments and regions of all its communes.
        """
        raise NotImplementedError


def gazetteer() -> Gazetteer:
    """The process-wide gazetteer; loaded at the first call, whichever the thread."""
    return Gazetteer.load()
