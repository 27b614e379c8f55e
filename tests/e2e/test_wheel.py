"""The wheel, installed elsewhere: all that the programs read beside their code is in it."""

import os
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path, PurePosixPath

import pytest

pytestmark = pytest.mark.xdist_group("wheel")

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    words = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        str(ROOT),
        "--no-deps",
        "--quiet",
        "--wheel-dir",
        str(folder),
    ]
    subprocess.run(words, check=True)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel in it and nothing else; its dependencies are the tests' own."""
    target = tmp_path_factory.mktemp("installed") / "site"
    words = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--quiet",
        "--target",
        str(target),
        str(wheel),
    ]
    subprocess.run(words, check=True)
    return target


def python(installed: Path, home: Path, code: str, *words: str, stdin: str = "") -> str:
    """Run code that sees the installed wheel first, from another folder; its output."""
    paths = os.pathsep.join([str(installed), sysconfig.get_path("purelib")])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DISCOVERY_")}
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        env=kept | {"PYTHONPATH": paths, "DISCOVERY_HOME": str(home)},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    built = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"][
        "build"
    ]
    apart = [f":!{path}" for path in built["targets"]["wheel"]["exclude"]]
    listed = subprocess.run(
        ["git", "ls-files", "discovery", "indexer", "mappings", "tools", *apart],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is no git checkout: nothing tells which files are the project's")
    files = [PurePosixPath(line) for line in listed.stdout.splitlines() if (ROOT / line).exists()]
    expected = {
        str(
            PurePosixPath("discovery", "_mappings", *file.parts[1:])
            if file.parts[0] == "mappings"
            else file
        )
        for file in files
    }
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    assert len(expected) > 100
    assert expected <= held
    assert not [
        name for name in held if name.startswith(("tests/", "scripts/", "docs/", "mappings/"))
    ]
    assert {"LICENSE", "NOTICE"} <= {
        PurePosixPath(name).name for name in held if ".dist-info/licenses/" in name
    }


def test_the_packages_come_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """Else the tests below would prove nothing."""
    out = python(
        installed,
        tmp_path,
        "import discovery, indexer; print(discovery.__file__); print(indexer.__file__)",
    )
    assert [Path(line).parents[1] for line in out.splitlines()] == [installed, installed]


def test_mappings_and_gazetteer_are_found(installed: Path, tmp_path: Path) -> None:
    code = """if True:
        from discovery.mappings import load_mappings, packaged_mappings
        from discovery.engine.definition import define
        from discovery.places import gazetteer
        mappings = load_mappings()
        define(mappings)
        print(packaged_mappings())
        print(len(mappings.vocabulary.sectors))
        places = gazetteer()
        print(places.by_name("Lyon")[0].code, places.department_at(45.76, 4.84), len(places.departments()) > 100)
    """
    folder, sectors, places = python(installed, tmp_path, code).splitlines()
    assert Path(folder) == installed / "discovery" / "_mappings"
    assert int(sectors) == 154
    assert places == "69123 69 True"


def test_both_programs_work_from_an_empty_home(installed: Path, tmp_path: Path) -> None:
    """Migrations, sample material, gazetteer, mappings: from nothing to an answer."""
    indexer = "from indexer.cli import main; main(prog_name='indexer')"
    discovery = "from discovery.cli import main; main(prog_name='discovery')"
    sample = python(installed, tmp_path, indexer, "generate", "40")
    said = python(installed, tmp_path, indexer, "import", "-", stdin=sample)
    assert "created 40" in said
    assert said.endswith("40 indexed\n")
    assert "0 differ" in python(installed, tmp_path, indexer, "check")
    assert "fournisseur" in python(installed, tmp_path, discovery, "search", "nettoyage")
    versions = {
        python(installed, tmp_path, code, "--version").split()[-1] for code in (indexer, discovery)
    }
    assert len(versions) == 1


def test_pages_and_their_files_are_found(installed: Path, tmp_path: Path) -> None:
    code = """if True:
        from indexer.context import Context
        from indexer.store.engine import migrate
        from discovery.app import create_app
        context = Context()
        migrate(context.store)
        context.serving().writer().close()
        client = create_app().test_client()
        page = client.get("/")
        print(page.status_code, "<form" in page.text)
        import re
        for address in sorted(set(re.findall(r'(?:href|src)="(/[^"]*[.](?:css|js|svg)[^"]*)"', page.text))):
            print(client.get(address).status_code, address)
        for address in ("/api/docs", "/api/openapi.json", "/healthz", "/readyz"):
            print(client.get(address, follow_redirects=True).status_code, address)
    """
    first, *files = python(installed, tmp_path, code).splitlines()
    assert first == "200 True"
    assert len(files) > 4
    assert all(line.startswith("200 ") for line in files), files
