"""Typed settings and the parsed `mappings/` folder."""

from discovery.config.mappings import Mappings, load_mappings, packaged_mappings
from discovery.config.problems import MappingsError, Problem
from discovery.config.profiles import DEFAULT_PROFILE
from discovery.config.settings import Settings, SettingsError

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
