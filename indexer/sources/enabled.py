"""The sources that there are; and `sources.yaml` of the home folder: which a person enabled, and how they are pulled.

    sources:
      les-emplois: {at: "03:20"}
      finess: {at: "04:00", weekday: monday}
      decp: {at: "04:30", enabled: false}

    precedence: [le-marche, les-emplois, finess]   # who is believed first; what is not named comes before all
    fields_first: {naf: [sirene]}                  # and for a field

Secrets are not in it: `DISCOVERY_TOKEN_LES_EMPLOIS`, or `DISCOVERY_TOKEN_LES_EMPLOIS_FILE`, which names a file.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from discovery.mappings import secrets, yamlfile
from discovery.mappings.settings import SettingsError
from indexer.intake.precedence import FIELDS, OF_FIELDS, ORDER, Precedence
from indexer.sources import decp, finess, le_marche, le_marche_db, les_emplois, lists, marche, sirene, websites
from indexer.sources.connector import Connector

CONNECTORS: Mapping[str, Connector] = {
    one.name: one
    for one in (
        *(module.CONNECTOR for module in (les_emplois, marche, le_marche, le_marche_db, finess, decp, sirene)),
        *lists.CONNECTORS,
        websites.CONNECTOR,
    )
}


FILE = "sources.yaml"
WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Source:
    """A connector as it is to be used. `at` "HH:MM" in UTC, "" = only by hand; `weekday` "" = daily.

    `token` is never shown, nor is `url` where it is a secret: `repr` leaves them out.
    """

    connector: Connector
    enabled: bool
    url: str
    per_minute: float
    at: str = ""
    weekday: str = ""
    token: str = ""

    def __repr__(self) -> str:
        return f"Source({self.connector.name!r}, enabled={self.enabled})"

    @property
    def name(self) -> str:
        """The connector's name, as in `sources.yaml`."""
        return self.connector.name

    @property
    def lacks_token(self) -> bool:
        """Whether it can't be pulled for want of a token."""
        return self.connector.needs_token and not self.token

    @property
    def shown_url(self) -> str:
        """For people: where it is, or what is to be given."""
        if self.connector.secret_url:
            said = "set" if self.url else "needed"
            return f"address ({address_variable(self.name)} or …_FILE): {said}"
        return self.url or "address: to be given"

    @property
    def lacks(self) -> str:
        """What a person has still to give; empty = nothing."""
        if self.lacks_token:
            return f"it answers nobody without a token; set {token_variable(self.name)}, or …_FILE"
        if self.connector.secret_url and not self.url:
            return f"its address is a secret; set {address_variable(self.name)}, or …_FILE"
        return "" if self.url else f"its address changes; give today's as `url` in {FILE}, or --url"

    @property
    def headers(self) -> dict[str, str]:
        """The headers that let us in; none without a token."""
        return {"Authorization": f"{self.connector.token_scheme} {self.token}"} if self.token else {}


class _Source(Schema):
    enabled = fields.Boolean(load_default=True)
    url = fields.Url(schemes={"http", "https"}, require_tld=False)
    per_minute = fields.Float(validate=validate.Range(min=0, min_inclusive=False))
    at = fields.String(load_default="", validate=validate.Regexp(_TIME, error='write a time of the day, as "03:20"'))
    weekday = fields.String(load_default="", validate=validate.OneOf(WEEKDAYS, error="write a weekday: {choices}"))

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def no_secrets(self, _data: Any, original: Any, **_: Any) -> None:
        if isinstance(original, Mapping) and "token" in original:
            raise ValidationError("a secret does not belong here; see `indexer sources list` for its variable", "token")


class _Secret(_Source):
    """Whose address is a secret."""

    class Meta:
        exclude = ("url",)


_SCHEMAS = {name: _Secret if one.secret_url else _Source for name, one in CONNECTORS.items()}


class _Known(Schema.from_dict({name: fields.Nested(one) for name, one in _SCHEMAS.items()})):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, str]] = {"unknown": f"no such source; there are {', '.join(CONNECTORS)}"}


class _File(Schema):
    sources = fields.Nested(_Known, load_default=dict)
    precedence = fields.List(fields.String(), load_default=list)
    fields_first = fields.Dict(
        fields.String(validate=validate.OneOf(tuple(FIELDS), error="no such field; there are {choices}")),
        fields.List(fields.String()),
        load_default=dict,
    )


def precedence(home: Path) -> Precedence:
    """Who is believed on what, where several sources tell of one supplier. Raises MappingsError."""
    said = _said(home)
    first = {name: tuple(sources) for name, sources in said["fields_first"].items()}
    return Precedence(tuple(said["precedence"]) or ORDER, {**OF_FIELDS, **first})


def token_variable(name: str) -> str:
    """The variable that holds a source's token: "le-marche" → "DISCOVERY_TOKEN_LE_MARCHE"."""
    return f"DISCOVERY_TOKEN_{name.upper().replace('-', '_')}"


def address_variable(name: str) -> str:
    return f"DISCOVERY_URL_{name.upper().replace('-', '_')}"


def read(home: Path, env: Mapping[str, str] | None = None) -> dict[str, Source]:
    """Every source that there is, enabled only where the file says so; without a file none is.

    Raises MappingsError, which names line and fix; SettingsError a secret that can't be read.
    """
    asked = _said(home)["sources"]
    return {name: _source(one, asked.get(name), os.environ if env is None else env) for name, one in CONNECTORS.items()}


def _said(home: Path) -> dict[str, Any]:
    """What the file says; without one, what an empty one would."""
    file = home / FILE
    said: dict[str, Any] = yamlfile.load(file, _File()) if file.exists() else _File().load({})
    return said


def _source(connector: Connector, asked: Mapping[str, Any] | None, env: Mapping[str, str]) -> Source:
    try:
        token = secrets.given(token_variable(connector.name), env, secret=True) if connector.token_scheme else ""
        url = secrets.given(address_variable(connector.name), env, secret=True) if connector.secret_url else ""
    except ValueError as error:
        raise SettingsError(str(error)) from None
    allowed = (token and connector.per_minute_with_token) or connector.per_minute
    said = asked or {}
    return Source(
        connector,
        enabled=asked is not None and bool(said["enabled"]),
        url=url or said.get("url", connector.url),
        per_minute=said.get("per_minute", allowed),
        at=said.get("at", ""),
        weekday=said.get("weekday", ""),
        token=token,
    )
