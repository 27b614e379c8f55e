"""Suggestions as one types: places, sectors, kinds of supplier, suppliers. All is pure but `service`, which asks the
engine."""

from discovery.suggest.model import TYPES, Suggestion
from discovery.suggest.service import SuggestService

__all__ = ["TYPES", "SuggestService", "Suggestion"]
