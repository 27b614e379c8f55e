"""The map: what is asked, what is answered."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields

from discovery.api.schemas.answers import OPENED, Notice, Scope, Strict, Total, boolean, integer, many, one, string
from discovery.api.schemas.fields import Frame, Whole
from discovery.api.schemas.parameters import SearchParameters, about
from discovery.search.map_grid import MAX_ZOOM, ZOOM

NOT_OF_A_LIST = ("page", "per_page", "sort", "facets", "cursor", "profile", "without")
"""Parameters of a search that only tell how its answer is listed."""


class MapParameters(SearchParameters):
    class Meta:
        unknown = EXCLUDE
        exclude = NOT_OF_A_LIST

    bbox = Frame(
        metadata=about(
            "What the map shows, `west,south,east,north` in degrees: suppliers elsewhere are counted in `outside`. "
            "Unlike in a search it filters nothing, so the total is the search's own."
        )
    )
    zoom = Whole(
        load_default=ZOOM,
        metadata=about("Zoom level of the map's tiles (256 points).", minimum=0, maximum=MAX_ZOOM),
    )


class PointGeometry(Strict):
    type = string(enum=["Point"])
    coordinates = fields.List(
        fields.Float(), required=True, metadata=about("Longitude, latitude; WGS 84 degrees.", minItems=2, maxItems=2)
    )


class FeatureProperties(Strict):
    type = string("What stands there: several suppliers or one.", enum=["cluster", "supplier"])
    count = fields.Integer(strict=True, metadata=about("Of a cluster: its suppliers."))
    bounds = fields.List(
        fields.Float(),
        metadata=about("Of a cluster: `west,south,east,north` around its suppliers. Show it to expand the cluster."),
    )
    display_name = fields.String(metadata=about("Of a supplier: the brand when there is one, else the name."))
    kind = fields.String()
    kind_group = fields.String()
    kind_label = fields.String()
    city = fields.String(allow_none=True)
    approximate = fields.Boolean(metadata=about("true: the commune's point, not the supplier's own."))
    url = fields.String(metadata=about("Page about the supplier, for people."))


class Feature(Strict):
    type = string(enum=["Feature"])
    id = fields.String(metadata=about("Of a supplier."))
    geometry = one(PointGeometry)
    properties = one(FeatureProperties)


class MapAnswer(Strict):
    type = string(enum=["FeatureCollection"])
    features = many(Feature, "Clusters, and single suppliers where few are near each other.")
    total = one(Total, "Of the search: `shown` + `outside` + `unlocated`.")
    shown = integer("Suppliers on the map, those of clusters included.")
    outside = integer("Located outside `bbox`.")
    unlocated = integer("Without a location.")
    zoom = integer("Zoom level of the clusters: that asked for, or less when the view would hold too many.")
    warnings = many(Notice)
    rebuild_needed = boolean("true: the index was built from other mappings than the service's.")
    scope = one(Scope, OPENED, null=True)
