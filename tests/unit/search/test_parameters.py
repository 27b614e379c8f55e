from hypothesis import given, settings
from hypothesis import strategies as st

from discovery.mappings import load_mappings
from discovery.mappings.vocabulary import Vocabulary
from discovery.model.attributes import FILTERS
from discovery.phrase.spelling.names import close_values
from discovery.places import Gazetteer
from discovery.search.query import Query, check, composed

PROFILES = ("balanced",)


def test_values_are_spelt_as_the_lists_spell_them_once(
    vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    query, found = check(
        Query(kind=("esat", "ESAT", " Ei "), department=("2a",)), vocabulary, gazetteer, PROFILES
    )
    assert found == []
    assert (query.kind, query.department) == (("ESAT", "EI"), ("2A",))


@given(
    values=st.lists(
        st.sampled_from(["ESAT", "EI", "AI"]).flatmap(
            lambda one: st.sampled_from([one, one.lower(), f" {one}"])
        ),
        min_size=1,
    )
)
def test_known_values_keep_their_order_each_once_however_they_are_spelt(
    values: list[str], vocabulary: Vocabulary, gazetteer: Gazetteer
) -> None:
    query, found = check(Query(kind=tuple(values)), vocabulary, gazetteer, PROFILES)
    assert found == []
    assert query.kind == tuple(dict.fromkeys(value.strip().upper() for value in values))


@settings(deadline=None)
@given(value=st.text(max_size=40), parameter=st.sampled_from(FILTERS))
def test_any_text_is_either_a_value_of_the_list_or_a_problem(value: str, parameter: str) -> None:
    vocabulary, gazetteer = load_mappings().vocabulary, Gazetteer.load()
    query, found = check(Query(**{parameter: (value,)}), vocabulary, gazetteer, PROFILES)  # type: ignore[arg-type]
    assert bool(found) != bool(query.values(parameter))


def test_close_puts_the_nearest_first() -> None:
    assert (
        close_values("blanchiserie", {"blanche": (), "blanchisserie": (), "menuiserie": ()})[0]
        == "blanchisserie"
    )
    assert close_values("réseau", {f"réseau {at}": () for at in range(9)}) == tuple(
        f"réseau {at}" for at in range(5)
    )


def test_a_phrase_is_read_in_composed_form_with_plain_spaces() -> None:
    typed = Query(q="vitres\u202f! me\u0301nage\u00a0: Nantes")
    assert composed(typed).q == "vitres ! ménage : Nantes"
    assert composed(Query(q="déjà composé")) == Query(q="déjà composé")
