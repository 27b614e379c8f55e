"""Mails over TLS to a real server: by STARTTLS or from the first byte, with a user; and what is
refused.
"""

from contextlib import closing
from pathlib import Path

import pytest

from discovery.mappings import Settings
from indexer.alerts.servers import Delivery, MailServer, MailServerAway
from tests.door import certificate
from tests.mailserver import Mailboxes, mailboxes

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
"""The test's server can't tell that the whole connection is TLS."""

MAIL = b"Subject: x\r\n\r\nBody\r\n"
USER = {"user": "alerts", "password": "three words long"}


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 with its key."""
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def trusted(signed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SSL_CERT_FILE", str(signed))
    return signed


def server(mail: Mailboxes, scheme: str, password: str = "") -> closing[MailServer]:
    user = "alerts" if password else ""
    address = f"{scheme}://127.0.0.1:{mail.port}"
    settings = Settings(
        alerts_from="a@search.example", smtp=address, smtp_user=user, smtp_password=password
    )
    return closing(MailServer(settings))


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_over_tls_with_a_user(scheme: str, trusted: Path) -> None:
    with (
        mailboxes(**USER, certificate=trusted, implicit=scheme == "smtps") as mail,
        server(mail, scheme, USER["password"]) as sending,
    ):
        assert [sending.send(to, MAIL) for to in ("one@mail.example", "two@mail.example")] == [
            Delivery.ACCEPTED
        ] * 2
        assert [one.to for one in mail.taken] == ["one@mail.example", "two@mail.example"]


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_a_wrong_password_sends_nothing_and_is_not_told(scheme: str, trusted: Path) -> None:
    with (
        mailboxes(**USER, certificate=trusted, implicit=scheme == "smtps") as mail,
        server(mail, scheme, "a wrong one") as sending,
        pytest.raises(MailServerAway, match="answered 535") as told,
    ):
        sending.send("one@mail.example", MAIL)
    assert "wrong" not in str(told.value)
    assert mail.taken == []


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_who_cannot_show_a_certificate_that_we_trust_gets_neither_password_nor_mail(
    scheme: str, signed: Path
) -> None:
    with (
        mailboxes(**USER, certificate=signed, implicit=scheme == "smtps") as mail,
        server(mail, scheme, USER["password"]) as sending,
        pytest.raises(MailServerAway, match="certificate verify failed"),
    ):
        sending.send("one@mail.example", MAIL)
    assert mail.taken == []


def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for() -> None:
    """Nobody in between can talk us into clear text."""
    with mailboxes() as mail, server(mail, "smtp+starttls") as sending:
        with pytest.raises(MailServerAway, match="SMTPNotSupportedError"):
            sending.send("one@mail.example", MAIL)
        assert mail.taken == []
