"""The files of judged queries: how many, how split, and each fault told with its line."""

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from discovery.mappings import Mappings, MappingsError
from tests.relevance.conftest import Corpus
from tools.judge.corpus import fingerprint
from tools.judge.judgments import CLASSES, CORPORA, JudgedQuery, load


@pytest.fixture(scope="module")
def queries(mappings: Mappings) -> dict[str, tuple[JudgedQuery, ...]]:
    return {name: load(mappings.path, name, mappings.vocabulary).queries for name in CORPORA}


def test_there_are_enough_of_every_class(queries: dict[str, tuple[JudgedQuery, ...]]) -> None:
    assert len(queries["sample"]) + len(queries["real"]) >= 150
    assert len(queries["real"]) >= 50
    assert len(queries["buyers"]) >= 150
    assert len(queries["buyers-real"]) >= 60
    assert Counter(one.nothing for one in queries["titles"]) == {False: 160, True: 60}
    assert {one.group for found in queries.values() for one in found} == set(CLASSES)


def test_each_class_is_split_evenly(queries: dict[str, tuple[JudgedQuery, ...]]) -> None:
    for name in ("sample", "buyers", "buyers-real"):
        split = Counter((one.group, one.split) for one in queries[name])
        for group in {group for group, _ in split}:
            tune, held = split[group, "tune"], split[group, "held"]
            assert min(tune, held) >= 2
            assert abs(tune - held) <= 1


def test_titles_are_split_by_the_parity_of_their_rows(
    queries: dict[str, tuple[JudgedQuery, ...]],
) -> None:
    """So that whoever reads even rows of the list, judged or not, has read none that is held."""
    for one in queries["titles"]:
        assert one.title is not None
        assert one.split == ("held" if one.title % 2 else "tune")


def test_half_of_the_blind_phrases_are_held(queries: dict[str, tuple[JudgedQuery, ...]]) -> None:
    split = Counter(one.split for one in queries["blind"])
    assert min(split.values()) >= 60
    assert not {one.q for one in queries["blind"]} & {one.q for one in queries["buyers"]}


def test_notices_are_all_held_and_asked_nowhere_else(
    queries: dict[str, tuple[JudgedQuery, ...]],
) -> None:
    assert len(queries["notices"]) >= 60
    assert {one.split for one in queries["notices"]} == {"held"}
    others = {one.q for name, found in queries.items() if name != "notices" for one in found}
    assert not {one.q for one in queries["notices"]} & others


def test_no_query_is_asked_twice(queries: dict[str, tuple[JudgedQuery, ...]]) -> None:
    for found in queries.values():
        asked = Counter((one.q or str(one.named or one.title)) for one in found)
        assert [q for q, times in asked.items() if times > 1] == []


def test_the_titles_are_asked_of_as_many_suppliers_as_france_has(
    queries: dict[str, tuple[JudgedQuery, ...]], mappings: Mappings
) -> None:
    assert queries["titles-10000"] == queries["titles"]
    make = load(mappings.path, "titles-10000", mappings.vocabulary).make
    assert make[0].startswith("indexer generate 10000 ")


def test_companies_of_the_public_lists_are_told_by_id_only(
    queries: dict[str, tuple[JudgedQuery, ...]],
) -> None:
    names = [one for one in queries["real"] if one.group == "name"]
    assert len(names) >= 10
    assert all(one.named and not one.q for one in names)


def test_real_titles_are_told_by_their_row_only(
    queries: dict[str, tuple[JudgedQuery, ...]],
) -> None:
    for name in ("buyers", "titles"):
        assert all(
            (one.title is not None) == (not one.q) for one in queries[name] if one.group == "title"
        )
    assert all(not one.q for one in queries["titles"])


def test_a_group_stands_for_its_sectors(mappings: Mappings, tmp_path: Path) -> None:
    (tmp_path / "judgments").mkdir()
    line = "{id: a, q: x, class: free, split: tune, needs: {sectors: {repassage: 3}, groups: {entretien-du-linge: 2}}}"
    text = f"corpus: sample\nfingerprint: x\nmake: [indexer sync]\nqueries:\n  - {line}\n"
    (tmp_path / "judgments" / "sample.yaml").write_text(text, encoding="utf-8")
    needs = load(tmp_path, "sample", mappings.vocabulary).queries[0].needs
    assert needs is not None
    assert needs.sectors["repassage"] == 3
    assert needs.sectors["blanchisserie"] == 2
    assert set(needs.sectors) == {
        one.value for one in mappings.vocabulary.sectors_of("entretien-du-linge")
    }


GOOD = "{id: a, q: lessive, class: free, split: tune, needs: {sectors: {blanchisserie: 3}}}"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (GOOD.replace("blanchisserie", "blanchiserie"), "a: 'blanchiserie' is unknown"),
        (GOOD.replace("{sectors: {blanchisserie: 3}}", "{kinds: [XX]}"), "a: 'XX' is unknown"),
        (
            GOOD.replace("{sectors: {blanchisserie: 3}}", "{groups: {linges: 2}}"),
            "a: 'linges' is unknown",
        ),
        (
            GOOD.replace("{sectors: {blanchisserie: 3}}", "{refused: {kinds: [XX]}}"),
            "a: 'XX' is unknown",
        ),
        (
            GOOD.replace("{sectors: {blanchisserie: 3}}", "{refused: {in: [Lyon]}}"),
            "not a place code",
        ),
        (GOOD.replace("3}", "4}"), "a grade is 0, 1, 2 or 3"),
        (GOOD.replace("class: free", "class: fre"), "Must be one of"),
        (GOOD.replace("split: tune", "split: test"), "Must be one of"),
        (GOOD.replace("needs: {sectors: {blanchisserie: 3}}", "lang: fr"), "say what answers it"),
        (GOOD.replace("class: free", "class: nothing"), "class nothing has none"),
        (
            GOOD.replace("{sectors: {blanchisserie: 3}}", "{text: {'(': 3}}"),
            "not a regular expression",
        ),
        (GOOD.replace("{sectors: {blanchisserie: 3}}", "{in: [Lyon]}"), "not a place code"),
        (f"{GOOD}\n  - {GOOD}", "two queries have the id 'a'"),
        (GOOD.replace("class", "clas"), "Unknown field"),
    ],
)
def test_a_fault_names_the_file_and_what_is_wrong(
    line: str, told: str, mappings: Mappings, tmp_path: Path
) -> None:
    (tmp_path / "judgments").mkdir()
    file = tmp_path / "judgments" / "sample.yaml"
    head = "corpus: sample\nfingerprint: x\nmake: [indexer sync]\nqueries:\n"
    file.write_text(f"{head}  - {GOOD}\n", encoding="utf-8")
    assert load(tmp_path, "sample", mappings.vocabulary).queries[0].q == "lessive"
    file.write_text(f"{head}  - {line}\n", encoding="utf-8")
    with pytest.raises(MappingsError) as caught:
        load(tmp_path, "sample", mappings.vocabulary)
    assert told in str(caught.value)
    assert str(file) in str(caught.value)


def written(folder: Path, name: str, text: str) -> None:
    (folder / "judgments").mkdir(exist_ok=True)
    (folder / "judgments" / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_a_file_may_ask_of_other_suppliers_what_another_asks(
    mappings: Mappings, tmp_path: Path
) -> None:
    written(
        tmp_path, "titles", f"corpus: titles\nfingerprint: x\nmake: [a]\nqueries:\n  - {GOOD}\n"
    )
    written(
        tmp_path,
        "titles-10000",
        "corpus: titles-10000\nfingerprint: y\nmake: [b]\nqueries_of: titles\n",
    )
    found = load(tmp_path, "titles-10000", mappings.vocabulary)
    assert found.queries == load(tmp_path, "titles", mappings.vocabulary).queries
    assert (found.fingerprint, found.make) == ("y", ("b",)), "the suppliers are its own"


@pytest.mark.parametrize(
    "line", ["", f"queries:\n  - {GOOD}\nqueries_of: titles", "queries_of: sample", "queries_of: x"]
)
def test_a_file_asks_its_own_queries_or_those_of_another(
    line: str, mappings: Mappings, tmp_path: Path
) -> None:
    written(tmp_path, "sample", f"corpus: sample\nfingerprint: x\nmake: [a]\n{line}\n")
    with pytest.raises(MappingsError, match=r"give `queries`, or `queries_of`|Must be one of"):
        load(tmp_path, "sample", mappings.vocabulary)


def test_a_folder_without_judgments_says_so(mappings: Mappings, tmp_path: Path) -> None:
    """A whole folder, that is: one without `suppliers.json` takes those of the package."""
    shutil.copy(mappings.path / "suppliers.json", tmp_path)
    with pytest.raises(MappingsError, match="file not found"):
        load(tmp_path, "sample", mappings.vocabulary)


@pytest.mark.xdist_group("judged")
def test_a_corpus_is_known_whoever_told_of_it_and_whenever_it_was_loaded(sample: Corpus) -> None:
    """What the store keeps of a record's sources is not the record: `indexer import` of the same
    lists is the same.
    """

    def known(**added: Any) -> str:
        return fingerprint(
            {
                id_: {**one, "public": {**one["public"], **added}}
                for id_, one in sample.documents.items()
            }
        )

    assert known() == sample.judgments.fingerprint
    told = [{"source": "siae", "date": "2020-12-18", "told": []}]
    assert known(provenance=told, first_listed_at="2020-01-01") == sample.judgments.fingerprint
    assert known(kind="EI") != sample.judgments.fingerprint
