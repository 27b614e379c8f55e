"""Typed settings and the parsed `mappings/` folder."""

from discovery.errors import MappingsError, Problem
from discovery.mappings.files import packaged_mappings
from discovery.mappings.mappings import Mappings, load_mappings
from discovery.mappings.profiles import DEFAULT_PROFILE
from discovery.mappings.settings import Settings, SettingsError

__all__ = [
    "DEFAULT_PROFILE",
    "Mappings",
    "MappingsError",
    "Problem",
    "Settings",
    "SettingsError",
    "load_mappings",
    "packaged_mappings",
]
