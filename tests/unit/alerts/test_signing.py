"""What is signed can be read by who shares the secret, for the purpose it was signed for, and as
long as it holds.
"""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.desk.alerts import ANSWER_SECONDS, Asked, Do, Every, Signer, new_id
from tests.unit.alerts.conftest import NOW, then, wish

SIGNER = Signer(lambda: "a secret of some length")
OTHER = Signer(lambda: "another secret as long")


@given(st.builds(Asked, do=st.sampled_from(Do), every=st.sampled_from(Every)))
def test_a_request_comes_back_as_it_was(asked: Asked) -> None:
    try:
        asked.search.encode(), asked.address.encode(), asked.id.encode(), asked.lang.encode()
    except UnicodeEncodeError:
        return
    text = SIGNER.request(asked)
    assert text.isascii()
    assert SIGNER.asked(text) == asked
    assert OTHER.asked(text) is None


@pytest.mark.parametrize("text", ["", "x", "eyJhIjoxfQ.x", "." * 40, "é"])
def test_what_nobody_signed_is_nothing(text: str) -> None:
    assert SIGNER.asked(text) is None
    assert SIGNER.confirmed(text, NOW.timestamp()) is None
    assert SIGNER.stopped(text) is None


def test_a_changed_request_is_nothing() -> None:
    text = SIGNER.request(wish())
    changed = text.replace(text[10], "A" if text[10] != "A" else "B", 1)
    assert SIGNER.asked(changed) is None


def test_one_purpose_is_not_another() -> None:
    id_, now = new_id(), NOW.timestamp()
    confirming, stopping = SIGNER.confirming(id_, int(now)), SIGNER.stopping(id_)
    assert SIGNER.confirmed(confirming, now) == SIGNER.stopped(stopping) == id_
    assert SIGNER.confirmed(stopping, now) is None
    assert SIGNER.stopped(confirming) is None
    assert SIGNER.asked(confirming) is SIGNER.asked(stopping) is None
    assert SIGNER.stopped(SIGNER.request(then(id_, Do.STOP))) is None


def test_a_confirmation_holds_for_three_days() -> None:
    token, now = SIGNER.confirming("x", 1_000_000), 1_000_000.0
    assert SIGNER.confirmed(token, now + ANSWER_SECONDS - 1) == "x"
    assert SIGNER.confirmed(token, now + ANSWER_SECONDS) is None
    assert SIGNER.confirmed(token, now - 7_200) is None, "not of a time to come"
    assert SIGNER.stopped(SIGNER.stopping("x")) == "x", "the other one for ever"


def test_a_request_of_the_release_before_is_read() -> None:
    """It held the search's title, too; requests wait in the folder over an upgrade."""
    asked = wish()
    assert (
        SIGNER.asked(SIGNER._dumps("alert-request-1", asdict(asked) | {"title": "« nettoyage »"}))
        == asked
    )
