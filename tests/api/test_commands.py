"""The commands over a real index, and the server they start."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from discovery.cli import main
from discovery.mappings import Settings
from tests.api.conftest import ON_ONE
from tests.servers import free_port, leave_nothing

EXAMPLE = "nettoyage à 30 km de Lyon, ESAT ou EI"
Run = Callable[..., Result]


def environment_of(settings: Settings) -> dict[str, str]:
    return {
        "DISCOVERY_HOME": str(settings.home),
        "DISCOVERY_ENGINE": settings.engine,
        "DISCOVERY_INDEX_PREFIX": settings.index_prefix,
    }


@pytest.fixture
def run(configured: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name, value in environment_of(configured).items():
        monkeypatch.setenv(name, value)
    for name in ("MAPPINGS", "PUBLIC_URL"):
        monkeypatch.delenv(f"DISCOVERY_{name}", raising=False)

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments, catch_exceptions=False)

    return invoke


def test_a_search_is_printed_for_people(run: Run) -> None:
    result = run("search", EXAMPLE)
    assert result.exit_code == 0
    understood, *rest = result.output.splitlines()
    assert understood.startswith("Nous avons compris : ")
    for part in ("Lyon (69)", "30 km", "ESAT, EI", "« nettoyage »"):
        assert part in understood
    assert "2 fournisseurs" in rest
    ranked = [line for line in rest if line.lstrip().startswith(("1.", "2."))]
    assert "Mains Claires – ESAT · Lyon (69)" in ranked[0]
    assert "3,4 km" in ranked[1]
    assert any(line.strip().startswith("Type : ") for line in rest)


def test_a_search_is_printed_in_english(run: Run) -> None:
    output = run("search", "cleaning near Lyon", "--lang", "en").output
    assert output.startswith("We understood: ")
    assert "suppliers" in output


def test_options_are_the_api_s_parameters(run: Run) -> None:
    assert "1 fournisseur" in run("search", "--kind", "ETTI").output
    assert "3. " not in run("search", "--per-page", "2").output
    assert " 3. " in run("search", "--per-page", "2", "--page", "2").output
    assert (
        "mots « nettoyage Lyon »" in run("search", "nettoyage Lyon", "--interpret", "false").output
    )


def test_commands_keep_to_what_is_open_and_say_so(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCOVERY_SCOPE", "region=84 sector=hygiene-et-proprete")
    result = run("search", "ESAT")
    assert result.output.startswith(
        "Ce service couvre une partie des fournisseurs : Hygiène et propreté · "
    )
    assert "1 fournisseur" in result.output
    assert run("explain", "nettoyage", "propre-lyon").exit_code == 0
    closed = run("explain", "linge", "linge-nantes")
    assert closed.exit_code == 2
    assert "hors du périmètre" in closed.stderr


def test_bytes_that_are_no_text_are_searched_all_the_same(run: Run) -> None:
    assert run("search", "netto\udcffyage").exit_code == 0


def test_a_score_is_explained(run: Run) -> None:
    output = run("explain", "nettoyage de bureaux à Lyon", "propre-lyon").output
    assert "rang 1" in output
    assert "sector_terms" in output
    assert "kilomètres" in output
    assert (
        "kilometres"
        in run("explain", "nettoyage de bureaux à Lyon", "propre-lyon", "--lang", "en").output
    )


def test_what_keeps_a_supplier_out_is_explained(run: Run) -> None:
    output = run("explain", "nettoyage à Lyon", "traiteur-paris").output
    assert "le lieu, les mots" in output


def test_tokens_are_those_of_the_index(run: Run) -> None:
    assert "of the index that serves" in run("tokens", "vitres").output


def test_mappings_check_compares_with_the_index(run: Run) -> None:
    result = run("mappings", "check")
    assert result.exit_code == 0
    assert "Needed: nothing" in result.output


def test_config_check_says_what_serves(run: Run, configured: Settings) -> None:
    result = run("config", "check")
    assert result.exit_code == 0, result.output
    assert f"Engine: {'embedded' if configured.embedded else 'elasticsearch'}" in result.output
    assert "Index: 10 suppliers" in result.output


@ON_ONE
@pytest.mark.slow
def test_the_service_is_served_until_it_is_told_to_stop(configured: Settings) -> None:
    port = free_port()
    command = [
        sys.executable,
        "-c",
        "from discovery.cli import main; main()",
        "serve",
        "--port",
        str(port),
    ]
    environment = os.environ | environment_of(configured)
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    leave_nothing(server)
    try:
        url = f"http://127.0.0.1:{port}"
        assert wait_for(f"{url}/readyz", server) == 200
        with urllib.request.urlopen(f"{url}/api/v1/search?q=nettoyage", timeout=10) as response:
            assert json.load(response)["total"]["value"] > 0
        second = subprocess.run(
            [*command], env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert second.returncode == 2
        assert f"Port {port} is taken" in second.stderr
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=30)
    finally:
        server.kill()
        server.wait()
    assert out.splitlines()[0] == url
    assert '"event": "request"' in err
    assert "Traceback" not in err


def wait_for(url: str, server: subprocess.Popen[str]) -> int:
    """The status of the first answer, within a minute."""
    for _ in range(300):
        assert server.poll() is None, server.communicate()
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                status: int = response.status
                return status
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"{url} never answered")
