"""The place of the indices that the settings name."""

from discovery.engine.catalog import Catalog
from discovery.mappings import Settings, SettingsError
from discovery.mappings.settings import absent


def open_catalog(settings: Settings) -> Catalog:
    """Looks nowhere yet. Raises SettingsError when the engine can't be used as installed."""
    if settings.embedded:
        from discovery.engine.embedded.folder import IndexFolder

        return IndexFolder(settings.index_path, settings.index_prefix)
    try:
        from discovery.engine.elasticsearch.catalog import ElasticsearchCatalog
    except ModuleNotFoundError as error:
        raise client_missing(error) from None
    return ElasticsearchCatalog(settings)


def client_missing(error: ModuleNotFoundError) -> SettingsError:
    return SettingsError(
        absent("DISCOVERY_ENGINE", f"Elasticsearch's client ({error.name})", "elasticsearch")
    )
