"""`GET /api/v1/explain`: why a supplier has its score in a search, or why the search does not find
it.
"""

from flask import Response, request

from discovery.answers import explanation
from discovery.answers.explanation import ExplainAnswer
from discovery.answers.supplier import Labelled
from discovery.engine.port import Document
from discovery.http.api.endpoint import endpoint, load, readable, scope, services, v1, without
from discovery.http.api.parameters import (
    EXPLAIN_EXAMPLES,
    Parameters,
    SearchParameters,
    Word,
    about,
)
from discovery.http.api.suppliers import listed
from discovery.http.requests import note
from discovery.http.responses import json_response
from discovery.model import replace
from discovery.search.answer import Answer
from discovery.search.explain import explain as explained
from discovery.search.explain import hit_of, obstacles
from discovery.search.query import Problem
from discovery.texts import t

NOT_EXPLAINED = ("page", "per_page", "facets", "cursor", "sort")


class ExplainParameters(SearchParameters):
    class Meta(SearchParameters.Meta):
        exclude = NOT_EXPLAINED

    id = Word(metadata=about("The supplier's id, slug or former slug."))


@endpoint(
    v1,
    "/explain",
    ExplainAnswer,
    "The score as a tree whose parts make it up, and one sentence.",
    parameters=[Parameters(ExplainParameters, EXPLAIN_EXAMPLES, required=("id",))],
    problems=(400, 404, 410, 414, 422, 503),
)
def explain() -> Response:
    """Explain a score

    The same phrase and filters as a search, and a supplier: words, fields, weights and signals,
    down to the engine's own numbers; or, when the search does not find it, which parts of the
    search keep it out.
    """
    values, faults = load(ExplainParameters, request.args, only=("id",))
    id_ = str(values.get("id", ""))
    if not faults and not id_:
        faults.append(Problem("id", "", "id_missing"))
    left_out = {"id", *NOT_EXPLAINED}
    arguments = without(request.args, left_out)
    asked = readable(services().search, arguments, scope(), faults)
    document = listed(services(), id_, asked.lang)
    found = services().search.search(replace(asked, per_page=1, facets=()))
    note(total=found.page.total)
    return json_response(body(found, document))


def body(answer: Answer, document: Document) -> ExplainAnswer:
    """The score of a document in an answer, part by part, or what keeps it out; as JSON."""
    index, lang, request = services().index, answer.plan.query.lang, answer.plan.request
    public = document["public"]
    name = public.get("brand") or public.get("name", "")
    told: ExplainAnswer = {
        "id": public["id"],
        "display_name": name,
        "profile": answer.plan.profile.name,
        "found": False,
        "sentence": "",
        "why": [],
        "rank": None,
        "equals": 0,
        "score": None,
        "explanation": None,
        "obstacles": [],
    }
    found, hit = explained(index, request, document), hit_of(index, request, document)
    if found is None or hit is None:
        kept_out = [
            (one, explanation.obstacle(one, lang)) for one in obstacles(index, request, document)
        ]
        parts = ", ".join(label for _, label in kept_out) or t("explain.together", lang)
        told["sentence"] = t("explain.absent", lang, name=name, parts=parts)
        told["obstacles"] = [Labelled(slug=one, label=label) for one, label in kept_out]
        return told
    why = services().presenter.hit(answer, hit)["why"]
    told["sentence"] = explanation.sentence(name, found, why, lang)
    told["explanation"] = explanation.tree(found, lang)
    told |= {
        "found": True,
        "why": why,
        "rank": found.rank,
        "equals": found.equals,
        "score": found.score,
    }
    return told
