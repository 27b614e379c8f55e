"""A page that says one thing: what went wrong, and the form to start again from."""

from __future__ import annotations

from discovery.web.frame import responding
from discovery.web.frame.form import empty_form
from discovery.web.frame.render import render


def error_page(title: str, detail: str, lang: str) -> str:
    """An error outside the search, drawn for people, with the form to start again from."""
    site = responding.site(lang)
    urls = responding.home(site)
    form = empty_form(urls, responding.services().presenter.names)
    return render(
        "message.html", site, responding.other_language(urls, site), {**form, "title": title, "detail": detail}
    )
