"""Typed settings and the parsed `mappings/` folder."""

from discovery.config.mappings import Mappings, load_mappings, packaged_mappings
from discovery.config.profiles import DEFAULT_PROFILE
from discovery.config.settings import Settings, SettingsError
from discovery.errors import MappingsError, Problem

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
