"""`discovery evaluate` and `discovery compare`, whole, over the indexed corpus."""

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from discovery.cli import main
from discovery.context import Services, make_services
from discovery.engine.embedded.folder import IndexFolder
from discovery.mappings.settings import variable_of
from tests.relevance.conftest import Corpus
from tools.judge.evaluation import Evaluation
from tools.judge.judgments import CORPORA

pytestmark = pytest.mark.xdist_group("judged")
Run = Callable[..., Result]


ASKED = ("sector-traiteur", "free-vitres", "geo-peinture-idf", "typo-traitteur", "typo-blanchiserie", "en-honey",
         "name-1", "name-siret", "nothing-dialysis", "form-soudeurs", "kind-esat-bretagne", "trap-quotes")  # fmt: skip


@pytest.fixture(scope="module")
def few(sample: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mappings with a dozen of the judged queries, and a twentieth of those of other files:
    commands are tried here, the queries elsewhere.
    """
    folder = tmp_path_factory.mktemp("few") / "mappings"
    shutil.copytree(sample.services.mappings.path, folder)
    for name in CORPORA:
        file = folder / "judgments" / f"{name}.yaml"
        lines = file.read_text(encoding="utf-8").splitlines()
        queries = [line for line in lines if "{id: " in line]
        asked = [
            line for line in queries if any(f"{{id: {id_}," in line for id_ in ASKED)
        ] or queries[::20]
        file.write_text(
            "\n".join(one for one in lines if one not in queries or one in asked), encoding="utf-8"
        )
        assert name != "sample" or len(asked) == len(ASKED)
    return folder


@pytest.fixture(scope="module")
def services(few: Path, sample: Corpus) -> Services:
    return make_services(replace(sample.services.settings, mappings=few))


@pytest.fixture
def mappings(few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of those, to edit; what the environment names."""
    folder = tmp_path / "mappings"
    shutil.copytree(few, folder)
    monkeypatch.setenv("DISCOVERY_MAPPINGS", str(folder))
    return folder


@pytest.fixture
def run(sample: Corpus, services: Services, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command in the corpus's home folder; `given=False` lets it make its services from the
    environment.
    """
    monkeypatch.setenv("DISCOVERY_HOME", str(sample.services.settings.home))
    monkeypatch.delenv(variable_of("engine"), raising=False)

    def invoke(*arguments: str, given: bool = True) -> Result:
        return CliRunner().invoke(
            main, arguments, obj=services if given else None, catch_exceptions=False
        )

    return invoke


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_table_and_the_json_say_the_same(run: Run, evaluated: Evaluation) -> None:
    told = json.loads(run("evaluate", "--json").stdout)
    asked = {one["id"]: one for one in told["queries"]}
    assert set(asked) == set(ASKED)
    for one in evaluated.answerable():
        if one.id in asked:
            assert asked[one.id]["ndcg@10"] == pytest.approx(one.ndcg, abs=1e-4)
            assert [hit["id"] for hit in asked[one.id]["top"]] == list(one.ids[:10])
    held = next(one for one in told["summaries"] if one["name"] == "held")
    text = run("evaluate", "--split", "held", "--queries").stdout
    line = next(line for line in text.splitlines() if line.startswith("held"))
    assert line.split()[1:4] == [
        str(held["queries"]),
        f"{held['ndcg@10']:.3f}",
        f"{held['mrr']:.3f}",
    ]
    assert "typo-traitteur" in text
    assert "typo-blanchiserie" not in text


def test_a_report_is_written(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assert run("evaluate", "--split", "tune", "--html", str(page)).exit_code == 0
    assert "<svg" in page.read_text(encoding="utf-8")


def harm(mappings: Path) -> None:
    """Who does the trade, and where, counts for nothing; names of trades for next to nothing."""
    file = mappings / "profiles" / "balanced.yaml"
    for step in ("declared: 36", "evidence: 12", "mention: 4", "weight: 3"):
        edit(file, f"    {step}\n", f"    {step.split()[0]} 0\n")
    edit(file, "sector_terms:\n    weight: 3.0", "sector_terms:\n    weight: 0.01")


@pytest.mark.slow
def test_grades_can_be_read_and_checked(run: Run, sample: Corpus, tmp_path: Path) -> None:
    file = tmp_path / "grades.csv"
    run("evaluate", "--split", "tune", "--qrels", str(file))
    with file.open(encoding="utf-8") as rows:
        found = list(csv.DictReader(rows))
    assert {row["grade"] for row in found} == {"1", "2", "3"}
    assert {row["supplier"] for row in found} <= sample.documents.keys()
    assert {"query": "name-1", "supplier": "sample-000017", "grade": "3"} in found


@pytest.mark.slow
def test_another_profile_is_another_name(run: Run) -> None:
    assert run("evaluate", "--split", "tune", "--profile", "nearest").stdout.startswith(
        "nearest, corpus 'sample'"
    )
    unknown = run("evaluate", "--profile", "newest")
    assert unknown.exit_code == 2
    assert "nearest" in unknown.stderr


@pytest.mark.slow
def test_recording_then_falling_below_it(run: Run, mappings: Path) -> None:
    """An edit that harms is refused, with each query that it harms; recorded on purpose, it is what
    must hold.
    """
    assert run("evaluate", "--record", given=False).exit_code == 0
    assert run("evaluate", "--gate", given=False).exit_code == 0
    harm(mappings)
    harmed = run("evaluate", "--gate", given=False)
    assert harmed.exit_code == 1
    assert " fell from nDCG@10 " in harmed.stderr
    run("evaluate", "--record", given=False)
    assert run("evaluate", "--gate", given=False).exit_code == 0


def test_other_suppliers_are_refused_with_what_to_do(run: Run) -> None:
    result = run("evaluate", "--corpus", "real")
    assert result.exit_code == 2
    assert "indexer import siae_itou_2020.csv" in result.stderr
    assert "2000 suppliers" in result.stderr


def test_acceptance_cases_pass_or_are_known(run: Run) -> None:
    result = run("evaluate", "--acceptance")
    assert result.exit_code == 0, result.output
    assert "passed    prefixes-of-a-town" in result.output


def test_an_acceptance_case_that_fails_is_named(run: Run, mappings: Path) -> None:
    (mappings / "judgments" / "acceptance.yaml").write_text(
        "cases:\n"
        "  - {id: wrong, q: traiteur, top: 3, status: pass, needs: {sectors: {plasturgie: 3}}}\n"
        "  - {id: better, q: traiteur, top: 3, status: fail, note: was so, needs: {sectors: {traiteur: 3}}}\n"
        "  - {id: typed, prefixes: traiteur, from: 7, top: 1, suggests: 'sector:apiculture', status: fail, note: so}\n",
        encoding="utf-8",
    )
    result = run("evaluate", "--acceptance", given=False)
    assert result.exit_code == 1, result.output
    assert "improved  better" in result.stdout
    assert "known     typed: so" in result.stdout
    assert "wrong: 0 of 1" in result.stderr


def test_two_profiles_side_by_side(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "both.html"
    result = run("compare", "balanced", "nearest", "--html", str(page))
    assert result.exit_code == 0
    assert "A = balanced (embedded), B = nearest (embedded)" in result.stdout
    assert page.read_text(encoding="utf-8").count("<svg") == 1
    body = json.loads(run("compare", "balanced", "balanced", "--json").stdout)
    assert {one["delta"] for one in body["queries"]} == {0}
    assert {one["rbo"] for one in body["queries"] if one["a"]} == {1}


@pytest.mark.slow
def test_a_folder_against_what_serves(run: Run, mappings: Path) -> None:
    """An analyst's edit: what a reload would change is measured without touching anything that
    serves.
    """
    harm(mappings)
    result = run("compare", "balanced", str(mappings))
    assert result.exit_code == 0, result.output
    assert "Largest losses:" in result.stdout
    assert "was built from other mappings" not in result.stderr


def test_simpler_methods_in_one_table(run: Run) -> None:
    result = run("compare", "balanced", "nearest", "--baselines", "--split", "tune")
    rows = [line.split("  ")[0] for line in result.stdout.splitlines()]
    assert rows == ["method", "balanced", "nearest", "trigrams of the name"]
    assert "name an Elasticsearch" in result.stderr


def test_a_side_that_is_nothing_is_told(run: Run) -> None:
    result = run("compare", "balanced", "nowhere")
    assert result.exit_code == 2
    assert "nowhere: no profile (balanced, nearest, trusted)" in result.stderr


@pytest.mark.slow
def test_a_rebuilt_index_is_held_against_the_one_that_serves(
    run: Run, sample: Corpus, mappings: Path
) -> None:
    """With suppliers that nobody judged, as in production."""
    settings = sample.services.settings
    index = IndexFolder(settings.index_path, settings.index_prefix).targets().serving
    assert index is not None
    for name in CORPORA:
        edit(mappings / "judgments" / f"{name}.yaml", "fingerprint: ", "fingerprint: not-")
    same = run("evaluate", "--gate", "--index", index, given=False)
    assert same.exit_code == 0, same.output
    assert "nDCG@10 over" in same.stdout
    unjudged = run("evaluate", given=False)
    assert unjudged.exit_code == 2
    assert "was judged at not-" in unjudged.stderr


def test_an_index_that_is_not_there(run: Run) -> None:
    result = run("evaluate", "--index", "suppliers-gone", given=False)
    assert result.exit_code == 2
    assert "no index named suppliers-gone" in result.stderr
