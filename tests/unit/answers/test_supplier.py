import pytest

from discovery.answers.supplier import Names, activity, card, profile, website
from tests.tables import cases

BARE = {"id": "x", "name": "Nom", "kind": "EI", "kind_group": "insertion"}


def test_absent_fields_are_there_as_null_or_empty(names: Names) -> None:
    shown = profile(BARE, names, "fr")
    assert (
        shown["siret"]
        is shown["brand"]
        is shown["website"]
        is shown["location"]
        is shown["contact"]
        is None
    )
    assert shown["certifications"] == shown["activities"] == shown["offers"] == []
    assert shown["display_name"] == "Nom"
    assert shown["url"] == "/fournisseurs/x"
    assert set(card(BARE, names, "fr")) < set(shown)


def test_a_value_that_the_vocabulary_dropped_is_its_own_label(names: Names) -> None:
    public = {**BARE, "kind": "OLD", "networks": ["gone"], "legal_form": "OLD"}
    shown = profile(public, names, "fr")
    assert (shown["kind_label"], shown["legal_form_label"]) == ("OLD", "OLD")
    assert shown["networks"] == [{"slug": "gone", "label": "gone"}]
    assert activity({"sector": "gone"}, names, "fr")["label"] == "gone"


def test_the_brand_is_shown_first(names: Names) -> None:
    assert card({**BARE, "brand": "Marque"}, names, "fr")["display_name"] == "Marque"


def test_zones_are_named(names: Names) -> None:
    one = {
        "sector": "blanchisserie",
        "service_types": ["PREST"],
        "zone": {"scope": "places", "places": ["region:84"]},
    }
    shown = activity(one, names, "fr")
    assert shown["zone"] == {
        "scope": "places",
        "radius_km": None,
        "places": [{"value": "region:84", "label": "Auvergne-Rhône-Alpes"}],
    }
    assert shown["service_types"] == [{"code": "PREST", "label": "Prestation de service"}]


@pytest.mark.parametrize(
    "given", cases(__file__, "only_addresses_a_browser_can_follow_safely_are_shown")
)
def test_only_addresses_a_browser_can_follow_safely_are_shown(given: str | None) -> None:
    assert website(given) is None


def test_the_page_of_a_supplier_is_by_slug_and_escaped(names: Names) -> None:
    assert card({**BARE, "slug": "a/b c"}, names, "fr")["url"] == "/fournisseurs/a%2Fb%20c"
