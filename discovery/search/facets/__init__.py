"""Facets: what each is, once. Engines compile the counts; here they become values to show."""

from discovery.search.facets.present import BY_NAME, FACET_LIST, Facet, FacetValue, Names, present

__all__ = ["BY_NAME", "FACET_LIST", "Facet", "FacetValue", "Names", "present"]
