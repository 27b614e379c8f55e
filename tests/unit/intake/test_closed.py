from discovery.mappings import Mappings
from indexer.intake.fields import ClosedList


def test_every_code_and_label_is_read(mappings: Mappings) -> None:
    vocabulary = mappings.vocabulary
    for terms in (
        vocabulary.kinds,
        vocabulary.sectors,
        vocabulary.certifications,
        vocabulary.networks,
    ):
        known = ClosedList(terms)
        for code, term in terms.items():
            assert known.code(code) == code
            assert known.code(term.label("fr")) is not None
