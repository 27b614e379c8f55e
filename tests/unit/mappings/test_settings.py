"""Settings: every default works, every fault is named at once, secrets stay hidden."""

import pytest

from discovery.mappings import Settings, SettingsError
from tests.tables import cases


def test_defaults_work_on_a_laptop() -> None:
    settings = Settings.from_env({})
    assert settings.embedded
    assert settings.store_url.startswith("sqlite:///")
    assert settings.broker_url == ""


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env(
            {
                "DISCOVERY_ENGINE": "localhost:9200",
                "DISCOVERY_PUBLIC_URL": "example.org",
                "DISCOVERY_INDEX_PREFIX": "Su ppliers",
                "DISCOVERY_TRUSTED_PROXIES": "10.0.0.0/99",
            }
        )
    for variable in ("ENGINE", "PUBLIC_URL", "INDEX_PREFIX", "TRUSTED_PROXIES"):
        assert f"DISCOVERY_{variable}=" in str(raised.value)


@pytest.mark.parametrize("given", ["0", "-1", "soon", "nan", "1e9", "3 s", "601"])
def test_a_time_that_can_t_be_waited_is_a_fault(given: str) -> None:
    with pytest.raises(SettingsError, match="number of seconds"):
        Settings.from_env({"DISCOVERY_ENGINE_TIMEOUT": given})


@pytest.mark.parametrize(
    "engine", ["localhost:9200", "http://", "http://a:port", "http://a,", "http://[::1"]
)
def test_an_address_that_is_none_is_a_fault(engine: str) -> None:
    with pytest.raises(SettingsError, match="http"):
        Settings.from_env({"DISCOVERY_ENGINE": engine})


@pytest.mark.parametrize(("engine", "shown"), cases(__file__, "passwords_in_addresses_are_hidden"))
def test_passwords_in_addresses_are_hidden(engine: str, shown: str) -> None:
    assert shown in [value for _, value, _ in Settings(engine=engine).describe()]


@pytest.mark.parametrize(
    "engine", ["ftp://user:hunter2@a", "http://user:hunter2/x@a", "http://user:hunter2,x@a"]
)
def test_faults_show_no_password(engine: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env({"DISCOVERY_ENGINE": engine})
    assert "hunter2" not in str(raised.value)
