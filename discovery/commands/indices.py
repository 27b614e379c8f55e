"""What the relevance commands ask: the index that serves, another by its name, or another engine's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from discovery.config import Settings, SettingsError
from discovery.context import Services, make_services
from discovery.engine.port import SearchEngine


def services_of(index: str) -> Services:
    """Those of the environment over the index of that name, serving or not. SettingsError, EngineUnavailable."""
    settings = Settings.from_env()
    return make_services(settings, engine=reader_of(settings, index))


def reader_of(settings: Settings, index: str) -> SearchEngine:
    if settings.embedded:
        from discovery.engine.embedded.folder import IndexFolder

        folder = IndexFolder(settings.index_path, settings.index_prefix)
        if not folder.file(index).exists():
            held = ", ".join(folder.names()) or "none"
            raise SettingsError(f"no index named {index} in {folder.path}; there: {held}")
        return folder.reader_of(index)
    from discovery.context import open_engine

    return open_engine(replace(settings, index_prefix=index))


def is_engine(text: str) -> bool:
    return text == "embedded" or text.startswith(("http://", "https://"))


def is_folder(text: str) -> bool:
    return Path(text).is_dir()
