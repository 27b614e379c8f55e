"""Trades that a buyer does not tell apart."""

from pathlib import Path
from shutil import copytree

from hypothesis import given
from hypothesis import strategies as st

from discovery.mappings import load_mappings, packaged_mappings, yamlfile
from discovery.mappings.files import CLOSE as FILE
from discovery.mappings.trades import Close, CloseFile

SLUGS = st.sampled_from("abcdef")


@given(
    st.dictionaries(SLUGS, st.lists(SLUGS, max_size=3).map(tuple)),
    st.lists(SLUGS, min_size=1, unique=True),
)
def test_those_asked_for_come_first_and_each_once(
    also: dict[str, tuple[str, ...]], asked: list[str]
) -> None:
    found = Close(also).with_close(tuple(asked))
    assert [*found[: len(asked)]] == asked
    assert len({*found}) == len(found)
    assert {*found} == {*asked, *(other for one in asked for other in also.get(one, ()))}


def test_a_file_says_it_in_one_direction_or_both(tmp_path: Path) -> None:
    file = tmp_path / "close.yaml"
    file.write_text(
        "close:\n- {asked: [a, b], also: [a, b, c], why: Same.}\n- {asked: [a], also: [d], why: Also.}\n"
    )
    found = yamlfile.load(file, CloseFile)
    assert found.with_close(("a",)) == ("a", "b", "c", "d")
    assert found.with_close(("b",)) == ("b", "a", "c")
    assert found.with_close(("c",)) == ("c",)


def test_without_the_file_nothing_is_close(tmp_path: Path) -> None:
    folder = Path(copytree(packaged_mappings(), tmp_path / "mappings"))
    (folder / FILE).unlink()
    assert load_mappings(folder).close == Close({})
