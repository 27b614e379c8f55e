"""Addresses that mails go to: plain ones, and nothing that could be more than one line or one
mailbox.
"""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.mappings.mailbox import key, masked, parsed


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ann@mail.example", "ann@mail.example"),
        (" Ann.Dupont+achats@Mairie-Lyon.FR\t", "Ann.Dupont+achats@mairie-lyon.fr"),
        ("o'neil_1@a.b.example", "o'neil_1@a.b.example"),
        ("x@xn--mnchen-3ya.example", "x@xn--mnchen-3ya.example"),
    ],
    ids=range(4),
)
def test_an_address(text: str, found: str) -> None:
    assert parsed(text) == found


@given(st.text(max_size=80) | st.from_regex(r"[^\s@]{1,20}@[^\s@]{1,20}\.[a-z]{2,5}\s?"))
def test_whatever_is_taken_is_one_mailbox_of_one_line(text: str) -> None:
    found = parsed(text)
    if found is None:
        return
    assert found.isascii()
    assert found.isprintable()
    assert parsed(found) == found
    mail = EmailMessage()
    mail["To"] = found
    assert [(one.username, one.domain) for one in mail["To"].addresses] == [tuple(found.split("@"))]


def test_limits_count_mailboxes() -> None:
    assert key("Ann+x@mail.example") == key("ann@mail.example") == key("ANN+@MAIL.example")
    assert key("+x@mail.example") == "+x@mail.example"
    assert key("ann@mail.example") != key("bob@mail.example")


def test_masked_for_terminals() -> None:
    assert masked("ann@mail.example") == "a…@mail.example"
