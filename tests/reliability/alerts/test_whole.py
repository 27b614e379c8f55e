"""From a form to a mailbox and out of it again, over real HTTP and SMTP, on both databases."""

from datetime import timedelta

import httpx

from indexer.alerts import subscriptions
from tests.reliability.alerts.conftest import World


def test_from_a_form_to_a_digest_to_one_click(world: World, address: str) -> None:
    before = world.add()
    answer = world.follow(address)
    assert (answer.status_code, "Consultez votre boîte" in answer.text) == (200, True)
    assert address not in answer.text
    assert world.mail.to(address) == [], "the service sends nothing"

    world.run()
    (opt_in,) = world.mail.to(address)
    assert opt_in.sender == "alertes@search.example"
    assert str(opt_in.mail["Subject"]) == "Confirmez votre alerte"
    assert opt_in.mail["List-Unsubscribe"] is None
    link = world.link(address, "/suivre/confirmer")
    assert link in opt_in.html.replace("&amp;", "&")

    world.add()
    world.now += timedelta(days=2)
    world.run()
    assert len(world.mail.to(address)) == 1, "who did not confirm hears nothing"

    page = httpx.get(link)
    assert (page.status_code, "Confirmer</button>" in page.text, page.headers["Cache-Control"]) == (
        200,
        True,
        "no-store",
    )
    world.run()
    assert subscriptions.counts(world.context.store)["active"] == 0, (
        "a mail scanner that opens links does nothing"
    )
    assert "Votre alerte est confirmée" in world.post(link).text
    world.run()

    new = world.add(name="Le Tampon <b>vert</b>")
    elsewhere = world.add(
        department="75",
        commune="75101",
        post_code="75001",
        city="Paris",
        lat=48.86,
        lon=2.34,
        activities=(),
    )
    world.monday()
    world.run()
    _, digest = world.mail.to(address)
    assert str(digest.mail["Subject"]) == "1 nouveau fournisseur"
    assert new in digest.text
    assert before not in digest.text
    assert elsewhere not in digest.text
    assert "&lt;b&gt;vert" in digest.html
    assert "<b>" not in digest.html
    assert f"{world.settings.public_url}/fournisseurs/" in digest.text

    assert digest.mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert b"\r\nList-Unsubscribe: <http" in digest.content, (
        "as it is, not encoded: mail programs read it so"
    )
    one_click = str(digest.mail["List-Unsubscribe"]).strip("<>")
    assert httpx.post(one_click, content="List-Unsubscribe=One-Click").status_code == 200
    world.add()
    world.monday()
    world.run()
    assert len(world.mail.to(address)) == 2
    world.now += timedelta(days=31)
    world.run()
    assert address not in [one["address"] for one in subscriptions.listed(world.context.store)]


def test_the_form_under_results_and_what_is_wrong_with_what_is_sent(world: World) -> None:
    shown = httpx.get(f"{world.settings.public_url}/?q=nettoyage&department=69").text
    assert 'action="/suivre?q=nettoyage&amp;department=69"' in shown
    assert 'name="courriel" value=""' in shown
    wrong = world.follow("ann at mail", "day")
    assert (
        wrong.status_code,
        'value="ann at mail"' in wrong.text,
        'role="alert"' in wrong.text,
    ) == (422, True, True)
    assert world.follow("ann@mail.example", "hour").status_code == 422
    assert world.follow("ann@mail.example", "day", "kind=nobody").status_code == 422
    other = httpx.post(
        f"{world.settings.public_url}/suivre?q=x", headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert other.status_code == 403
    for path in ("/suivre/confirmer?jeton=x", "/suivre/arreter?jeton="):
        assert (
            httpx.get(world.settings.public_url + path).status_code
            == world.post(path).status_code
            == 400
        )


def test_by_the_api(world: World, address: str) -> None:
    service = world.settings.public_url
    sent = {"email": address, "every": "day"}
    assert (
        httpx.post(f"{service}/api/v1/alerts?q=nettoyage", json=sent)
        .json()["said"]
        .startswith("Consultez")
    )
    assert (
        httpx.post(f"{service}/api/v1/alerts", json={"email": "x", "every": "y"}).status_code == 422
    )
    found = httpx.get(f"{service}/api/v1/matches?q=nettoyage").json()
    assert found["total"] == len(found["ids"]) > 0
    world.run()
    assert "?q=nettoyage" in world.mail.to(address)[0].text


def test_in_english_every_day(world: World, address: str) -> None:
    world.follow(address, "day", "q=cleaning&lang=en")
    world.run()
    world.post(world.link(address, "/suivre/confirmer"))
    world.run()
    world.add()
    world.add()
    world.now += timedelta(days=1)
    world.run()
    opt_in, digest = world.mail.to(address)
    assert "every day" in opt_in.text.replace("\n", " ")
    assert str(digest.mail["Subject"]) == "2 new suppliers"
    assert "lang=en" in world.link(address, "/suivre/arreter")
    assert "Stop the alert" in httpx.get(world.link(address, "/suivre/arreter")).text
    world.post(world.link(address, "/suivre/arreter"))
    world.run()


def test_a_mailbox_that_is_none_ends_its_alerts(world: World, address: str) -> None:
    world.mail.refused[address] = "550 5.1.1 no such user"
    world.follow(address)
    assert world.run().bounced == 1
    assert [
        one["ended_why"]
        for one in subscriptions.listed(world.context.store)
        if one["address"] == address
    ] == ["bounced"]


def test_a_mailbox_that_is_full_is_tried_again(world: World, address: str) -> None:
    world.mail.refused[address] = "452 4.2.2 mailbox full"
    world.follow(address)
    assert world.run().retry == 1
    del world.mail.refused[address]
    assert world.run().sent == 0
    world.now += timedelta(hours=1)
    assert world.run().sent == 1
    assert len(world.mail.to(address)) == 1


def test_bombing_is_one_mail(world: World, address: str) -> None:
    local, domain = address.split("@")
    for number in range(5):
        assert (
            world.follow(
                f"{local}+{number}@{domain}".upper().replace(domain.upper(), domain)
            ).status_code
            == 200
        )
    world.run()
    assert len([one for one in world.mail.taken if one.to.lower().startswith(local)]) == 1


def test_no_address_is_in_the_log(world: World, address: str) -> None:
    world.follow(address)
    world.run()
    world.post(world.link(address, "/suivre/confirmer"))
    log = (world.settings.home.parent / "log").read_text(encoding="utf-8")
    assert '"alert": "subscribe"' in log.replace('":"', '": "')
    assert "ann." not in log
    assert "jeton" not in log
