"""From a request of the port to Elasticsearch's JSON: pure functions, one concern a file. `search`
puts the others together; `lookups` holds the bodies of everything else.

    page, facets, total = search.body(request), search.counts(request), search.total(request)
"""
