"""A record corrected by the supplier itself, over real HTTP and SMTP, on both databases."""

import httpx

from discovery.desk.alerts import Asked, Do, Signer, Spool
from indexer.alerts import corrections
from indexer.record import Supplier
from indexer.store import repository
from indexer.store.engine import reading
from tests.reliability.alerts.conftest import World

SAID = {
    "do": "correct",
    "sector": "entretien-des-jardins",
    "zone": "places",
    "departments": "69, 2a",
    "orders": "no",
}


def record(world: World, id_: str) -> Supplier:
    with reading(world.context.store) as connection:
        return repository.load(connection, [id_])[id_]


def listed(world: World, address: str) -> str:
    """A new supplier whose mailbox that is; its id."""
    world.add(email=address)
    return f"s{world.number}"


def test_from_a_link_to_a_card_and_back(world: World, address: str) -> None:
    id_ = listed(world, address)
    service = world.settings.public_url
    page = httpx.get(f"{service}/fournisseurs/{id_}", follow_redirects=True).text
    assert f'href="/corriger/{id_}"' in page
    form = httpx.get(f"{service}/corriger/{id_}")
    assert (form.status_code, address in form.text, form.headers["Cache-Control"]) == (
        200,
        False,
        "no-store",
    )
    assert "Consultez votre boîte" in world.post(f"/corriger/{id_}", do="link").text
    world.run()
    (mailed,) = world.mail.to(address)
    assert str(mailed.mail["Subject"]) == "Corrigez votre fiche"
    assert mailed.mail["List-Unsubscribe"] is None
    link = world.link(address, f"/corriger/{id_}")
    assert 'value="nettoyage-de-locaux" checked' in httpx.get(link).text
    before = record(world, id_)
    wrong = world.post(link, do="correct", phone="call me", km="900")
    assert (wrong.status_code, wrong.text.count("ne peut pas être lu"), record(world, id_)) == (
        422,
        2,
        before,
    )

    assert "Votre fiche est corrigée" in world.post(link, **SAID).text
    world.run()
    world.context.synchroniser().drain()
    shown = httpx.get(f"{service}/api/v1/suppliers/{id_}").json()
    assert [one["sector"] for one in shown["activities"]] == ["entretien-des-jardins"]
    assert [one["value"] for one in shown["activities"][0]["zone"]["places"]] == [
        "department:69",
        "department:2A",
    ]
    assert (shown["takes_orders"], shown["corrected_at"]) == (False, world.now.date().isoformat())
    assert ("structure", "la structure elle-même") in [
        (one["source"], one["source_label"]) for one in shown["provenance"]
    ]
    page = httpx.get(f"{service}/fournisseurs/{id_}", follow_redirects=True).text
    assert "Ne prend pas de commandes en ce moment" in page
    assert "Précisé par la structure le" in page
    found = httpx.get(f"{service}/?q={before.name}&view=list").text
    assert "Précisé par la structure le" in found

    assert "Vos corrections sont retirées" in world.post(link, do="withdraw").text
    world.run()
    assert record(world, id_) == before


def test_without_a_link_the_operator_is_asked(world: World, address: str) -> None:
    id_ = listed(world, address)
    before = record(world, id_)
    assert "Votre demande est transmise" in world.post(f"/corriger/{id_}", **SAID).text
    assert world.post(f"/corriger/{id_}", do="withdraw").status_code == 403
    world.run()
    assert record(world, id_) == before
    with reading(world.context.store) as connection:
        [one] = [one for one in corrections.listed(connection) if one.supplier_id == id_]
    corrections.approve(world.context.store, one.id, world.now)
    assert record(world, id_).takes_orders is False


def test_links_of_others_old_ones_and_forged_requests_change_nothing(
    world: World, address: str
) -> None:
    id_, other = listed(world, address), listed(world, f"other.{address}")
    before = record(world, id_)
    signer, now = Signer(world.settings.secret), int(world.now.timestamp())
    for token in (signer.correcting(other, now), signer.correcting(id_, now - 4 * 86_400), "x"):
        answer = world.post(f"/corriger/{id_}?jeton={token}", **SAID)
        assert "Votre demande est transmise" in answer.text, "as any request without a link"
    elsewhere = httpx.post(
        f"{world.settings.public_url}/corriger/{id_}",
        data=SAID,
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert elsewhere.status_code == 403
    assert world.settings.alerts is not None
    forged = Asked(
        Do.CORRECT,
        "forged",
        now,
        search=f"supplier={id_}&orders=no&jeton={signer.correcting(id_, now)}",
    )
    Spool(world.settings.alerts).put(Signer(lambda: "a stranger's").request(forged), now)
    assert world.run().unsigned == 1
    assert record(world, id_) == before
    assert world.post("/corriger/nobody", do="link").status_code == 404
