"""From a request of the port to Elasticsearch's JSON: pure functions, one concern a file.

    body = search.body(request)

`search` puts together `ranking` (over `text`), `filters`, `activities` (over `where`), `facets` and `order`;
`lookups` holds the bodies of everything else.
"""
