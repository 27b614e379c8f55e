"""What a mail says: nothing of what a stranger typed."""

from email import message_from_bytes, policy

import pytest
from sqlalchemy import Engine

from discovery.desk.alerts import Signer
from indexer.alerts import outbox
from indexer.alerts.message import Letterhead, message
from indexer.alerts.outbox import DIGEST, OPT_IN
from indexer.alerts.subscriptions import apply
from tests.unit.alerts.conftest import NOW, wish

HEAD = Letterhead(
    "https://search.example", "alerts@search.example", Signer(lambda: "a secret of some length")
)


@pytest.mark.parametrize(
    ("kind", "lang", "subject"),
    [
        (OPT_IN, "fr", "Confirmez votre alerte"),
        (OPT_IN, "en", "Confirm your alert"),
        (DIGEST, "fr", "1 nouveau fournisseur"),
    ],
)
def test_the_subject_is_ours_and_the_search_is_a_link_alone(
    store: Engine, kind: str, lang: str, subject: str
) -> None:
    apply(store, wish(search="q=Gagnez+vite+chez+evil.example", lang=lang), NOW)
    mail = outbox.claim(store, NOW)
    assert mail is not None
    if kind == DIGEST:
        told: dict[str, object] = {
            "title": "Atelier",
            "url": "https://search.example/fournisseurs/1",
            "lines": [],
        }
        with store.begin() as connection:
            outbox.queue(connection, mail.alert_id, DIGEST, {"suppliers": [told], "more": 0}, NOW)
        mail = outbox.claim(store, NOW)
        assert mail is not None
    sent = message_from_bytes(message(mail, HEAD), policy=policy.default)
    assert sent["Subject"] == subject
    text, html = (sent.get_body((form,)) for form in ("plain", "html"))
    assert text is not None
    assert html is not None
    without_links = [
        line
        for line in text.get_content().splitlines()
        if not line.startswith("https://search.example/")
    ]
    assert "Gagnez" not in " ".join(without_links)
    assert "https://search.example/?q=Gagnez+vite" in text.get_content()
    assert "Gagnez" not in html.get_content().replace("https://search.example/?q=Gagnez+vite", "")
