from pathlib import Path

from hypothesis import strategies as st

from discovery.mappings import Settings
from discovery.search.query import Cursor, Cursors

cursors = st.builds(
    Cursor,
    st.tuples(st.one_of(st.none(), st.text(), st.floats(0, 20_000)), st.text(min_size=1)),
    st.booleans(),
    st.text("0123456789abcdef", min_size=18, max_size=18),
)


def test_the_secret_is_made_when_the_first_cursor_needs_it(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    ring = Cursors(settings.secret)
    assert not (tmp_path / "home").exists()
    text = ring.write(Cursor((None, "a"), False, "m"))
    assert Cursors(settings.secret).read(text) == Cursor((None, "a"), False, "m"), (
        "another worker reads it"
    )


def test_without_a_home_to_write_in_there_are_no_cursors(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ring = Cursors(Settings(home=tmp_path / "file" / "home").secret)
    assert ring.write(Cursor((None, "a"), False, "m")) == ""
    assert ring.read("anything") is None
