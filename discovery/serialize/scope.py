"""The launch scope as answers tell it: what is open, in one label and one sentence. Pure."""

from __future__ import annotations

from typing import Any

from discovery.config.vocabulary import LANGS
from discovery.locales import t
from discovery.search.launch import PARAMETERS, LaunchScope


def scope_json(scope: LaunchScope, lang: str) -> dict[str, Any] | None:
    """None when everything is open."""
    return {"label": scope.label(lang), "sentence": sentence(scope, lang), **_named(scope)} if scope else None


def scope_json_in_both(scope: LaunchScope) -> dict[str, Any] | None:
    """The same with its texts in every language, as the vocabulary has its labels."""
    if not scope:
        return None
    return {
        "label": {lang: scope.label(lang) for lang in LANGS},
        "sentence": {lang: sentence(scope, lang) for lang in LANGS},
        **_named(scope),
    }


def sentence(scope: LaunchScope, lang: str) -> str:
    return t("message.launch_scope", lang, label=scope.label(lang))


def _named(scope: LaunchScope) -> dict[str, list[str]]:
    return {name: list(scope.named.get(name, ())) for name in PARAMETERS}
