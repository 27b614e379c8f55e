"""Grades of suppliers for a need, from what they declare: plain code over documents, sharing
nothing with the engine.

3 what was asked for · 2 nearly · 1 related, of some use · 0 no answer. The rules
(docs/reference/grades.md):

- the trade gives the grade (the best of the declared sectors, registered code and own words that
the need names);
  a need without a trade gives 3;
- kinds, certifications and networks that the need names must hold, or the grade is 0;
- in places, near a town: at most what the place is worth, by the rules of
mappings/judgments/grading.yaml, for the
  activity that does the job; without a trade asked, who only serves has 2 at most;
- within a circle: seated in it, or in its commune, or 0;
- what the need refuses is 0;
- national: the activity that does the job covers all of France, or 0.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from discovery.engine.port import Document
from discovery.mappings.codes import bare
from discovery.places import Gazetteer
from tools.judge.grading import Grading
from tools.judge.judgments import JudgedQuery, Named
from tools.judge.needs import Need
from tools.judge.standing import Activity, Standing

BEST, NEARLY = 3, 2

MAX_TYPED = 300
"""Characters of a phrase that the search takes."""


def fold(text: str) -> str:
    """Small letters without accents, runs of spaces as one."""
    plain = "".join(
        one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one)
    )
    return " ".join(plain.casefold().replace("’", "'").split())


def own_words(document: Document) -> str:
    """What the supplier says of itself, folded; nothing that the vocabulary adds."""
    public = document["public"]
    offers = [text for offer in public["offers"] for text in (offer["name"], offer["description"])]
    return fold(
        " \n ".join(filter(None, [public["name"], public["brand"], public["description"], *offers]))
    )


def typed(
    query: JudgedQuery, documents: Mapping[str, Document], titles: Sequence[str] = ()
) -> str | None:
    """What is typed; None for a company that is not in this corpus, and for a title where the list
    is absent.
    """
    if query.title is not None:
        return titles[query.title][:MAX_TYPED] if query.title < len(titles) else None
    if query.named is None:
        return query.q
    document = documents.get(query.named.id)
    return None if document is None else _part(document, query.named.part)[:MAX_TYPED]


def _part(document: Document, part: str) -> str:
    return str(document["public"][part] or document["public"]["name"])


class Judge:
    """Grades with one gazetteer and one set of rules for places."""

    def __init__(self, gazetteer: Gazetteer, grading: Grading) -> None:
        self._standing = Standing(gazetteer, grading)

    def grades(self, query: JudgedQuery, documents: Mapping[str, Document]) -> dict[str, int]:
        """Grade by supplier id, those of grade 0 left out."""
        found: dict[str, int] = {}
        for id_, document in documents.items():
            grade = self.grade(query, document, documents)
            if grade:
                found[id_] = grade
        return found

    def grade(
        self, query: JudgedQuery, document: Document, documents: Mapping[str, Document]
    ) -> int:
        """How right a document is for a query, 0 to 3: as a person graded it, by its name, or by
        what is needed.
        """
        if document["id"] in query.grades:
            return query.grades[document["id"]]
        if query.named is not None:
            return BEST if _same(query.named, document, documents) else 0
        return 0 if query.needs is None else self.meets(query.needs, document)

    def meets(self, need: Need, document: Document) -> int:
        """The grade of one supplier for one need."""
        public = document["public"]
        if need.kinds and public["kind"] not in need.kinds:
            return 0
        if self.refused(need, document):
            return 0
        if not need.certifications <= set(public["certifications"]) or not need.networks <= set(
            public["networks"]
        ):
            return 0
        work = list(_work(need, document))
        if not work:
            return 0
        best = max(grade for grade, _ in work)
        if need.national:
            return max((grade for grade, done_by in work if any(map(_country, done_by))), default=0)
        if need.within:
            return best if self._standing.within(document, need.within.of, need.within.km) else 0
        if not (need.near or need.places):
            return best
        most = (
            BEST if _names_a_trade(need) or self._standing.seated(document, need.places) else NEARLY
        )
        return max(
            min(grade, most, self._worth(document, done_by, need)) for grade, done_by in work
        )

    def trade(self, need: Need, document: Document) -> int:
        """The grade of what it does, wherever it is and whatever it is."""
        return max((grade for grade, _ in _work(need, document)), default=0)

    def refused(self, need: Need, document: Document) -> bool:
        """Whether the phrase takes it out."""
        out = need.refused
        if out is None:
            return False
        return document["public"]["kind"] in out.kinds or self._standing.seated(
            document, out.places
        )

    def seated(self, need: Need, document: Document) -> bool:
        """Whether its seat is in a place asked."""
        return self._standing.seated(document, need.places)

    def _worth(self, document: Document, done_by: list[Activity], need: Need) -> int:
        """The most that the place lets an activity be worth: the best of the places asked."""
        asked = (need.near,) if need.near else need.places
        return max(
            self._standing.worth(document, done_by, place, near=bool(need.near)) for place in asked
        )


def _same(named: Named, document: Document, documents: Mapping[str, Document]) -> bool:
    """The company itself, or another of that very name or number: nobody could tell them apart by
    it.
    """
    sought = documents.get(named.id)
    if sought is None:
        return False
    wanted = fold(_part(sought, named.part))
    parts = ("siret",) if named.part == "siret" else ("name", "brand")
    return any(fold(document["public"][part] or "") == wanted for part in parts)


def _work(need: Need, document: Document) -> Iterator[tuple[int, list[Activity]]]:
    """What the supplier does of what is needed: (grade, the activities that do it)."""
    activities = _activities(document)
    if not _names_a_trade(need):
        yield BEST, activities
        return
    for activity in activities:
        if grade := need.sectors.get(activity["sector"], 0):
            yield grade, [activity]
    code = bare(document["public"]["naf"] or "")
    if grade := need.naf.get(code, 0):
        yield grade, activities
    if need.text:
        words = own_words(document)
        said = max((grade for pattern, grade in need.text if pattern.search(words)), default=0)
        if said:
            yield said, activities


def _names_a_trade(need: Need) -> bool:
    return bool(need.sectors or need.text or need.naf)


def _country(activity: Activity) -> bool:
    return bool(activity["zone"]["scope"] == "country")


def _activities(document: Document) -> list[Activity]:
    return list(document["public"]["activities"])
