"""Templates: what no page changes is asked once, when they are compiled."""

import sys
from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader

from discovery.disk_cache import cached
from discovery.mappings.vocabulary import LANGS
from discovery.pages.files import bundles
from discovery.pages.frame import responding
from discovery.pages.frame.responding import Prepared, environment, template_names
from discovery.texts import t

CALLS: list[str] = []


def told(key: str, **args: str) -> str:
    CALLS.append(key)
    return f"<{key}{args or ''}>"


@pytest.fixture
def prepared() -> Prepared:
    CALLS.clear()
    made = Prepared(
        loader=DictLoader(
            {
                "page": '{{ t("a") }}{{ t("b", n=n) }}{{ t(key) }}{% if n == "1" %}{{ t("a") }}{% endif %}'
            }
        ),
        autoescape=True,
    )
    made.unchanging = {"t": told}
    made.globals.update(made.unchanging)
    return made


def test_a_text_by_name_is_asked_once_and_one_with_arguments_each_time(prepared: Prepared) -> None:
    page = prepared.get_template("page")
    assert CALLS == ["a", "a"]
    CALLS.clear()
    for _ in range(2):
        assert (
            page.render(n="1", key="k")
            == "&lt;a&gt;&lt;b{&#39;n&#39;: &#39;1&#39;}&gt;&lt;k&gt;&lt;a&gt;"
        )
    assert CALLS == ["b", "k"] * 2


def test_a_key_of_a_dictionary_comes_before_its_methods_and_a_missing_one_after(
    prepared: Prepared,
) -> None:
    assert prepared.from_string("{{ one.items }}").render(one={"items": "kept"}) == "kept"
    assert (
        prepared.from_string("{{ one.items() | list }}").render(one={"a": 1})
        == "[(&#39;a&#39;, 1)]"
    )
    assert prepared.from_string("{{ one.upper() }}").render(one="a") == "A"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_each_language_has_its_own(lang: str) -> None:
    shown = (
        environment(lang).from_string('{{ t("search.button") }} {{ static("page.css") }}').render()
    )
    assert shown == f"{t('search.button', lang)} {bundles.address('page.css')}"


def test_a_name_stands_for_one_file() -> None:
    """Templates and styles are named without their room."""
    names = [
        path.name for path in bundles.ROOMS.glob("*/*") if path.suffix in {".html", ".css", ".svg"}
    ]
    assert sorted(names) == sorted(set(names))
    assert set(names) <= {*template_names(), *bundles.page_files().files}


def test_a_second_start_compiles_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    generate = Prepared._generate
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(
        responding, "cached", lambda _, make: cached(str(tmp_path / "render.py"), make)
    )

    def counted(*given: Any, **options: Any) -> str:
        compiled.append(given[2])
        return generate(*given, **options)

    monkeypatch.setattr(Prepared, "_generate", counted)
    codes = []
    try:
        for _ in range(2):
            environment.cache_clear()
            responding.warm.__wrapped__()
            codes.append(
                {
                    lang: environment(lang).get_template("search.html").root_render_func.__code__
                    for lang in LANGS
                }
            )
            compiled.append("started")
    finally:
        environment.cache_clear()
    assert compiled[-2:] == ["started", "started"]
    assert len(compiled) == 2 + len(LANGS) * len(template_names())
    assert codes[0] == codes[1]
    assert codes[0]["fr"] != codes[0]["en"]  # texts stand in them
