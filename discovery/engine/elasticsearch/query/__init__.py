"""From a request of the port to Elasticsearch's JSON: pure functions, one concern a file.

    page, facets, total = search.body(request), search.counts(request), search.total(request)

`search` puts together `ranking` (over `text`), `filters`, `activities` (over `where`), `facets` and `order`;
`lookups` holds the bodies of everything else.
"""
