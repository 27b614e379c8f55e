"""The sources that there are (`connectors.yaml`), and which a person enabled: `sources.yaml` of the
home folder.

    sources:
      les-emplois: {at: "03:20"}
      finess: {at: "04:00", weekday: monday}
      decp: {at: "04:30", enabled: false}

    precedence: [le-marche, les-emplois, finess]   # who is believed first; what is not named comes
    before all fields_first: {naf: [sirene]}                  # and for a field

Secrets are not in it: `DISCOVERY_TOKEN_LES_EMPLOIS`, or `DISCOVERY_TOKEN_LES_EMPLOIS_FILE`, which
names a file.
"""

import os
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

from marshmallow import ValidationError
from marshmallow.validate import URL, OneOf, Range, Regexp

from discovery.declared import about, declared
from discovery.mappings import secrets, yamlfile
from discovery.mappings.settings import SettingsError
from discovery.model import dataclass
from indexer.intake.precedence import FIELDS, OF_FIELDS, ORDER, Precedence
from indexer.sources.connector import Connector, Parts


def _connectors() -> Iterator[Connector]:
    rows: Mapping[str, dict[str, Any]]
    rows = yamlfile.table(Path(__file__).parent / "connectors.yaml")
    for name, row in rows.items():
        how = "page" if "page" in row else "made_of"
        module, _, function = row[how].partition(":")
        read = getattr(import_module(f"indexer.sources.{module}"), function)
        hosts = tuple(row.get("hosts", ()))
        yield Connector(name, **{**row, how: read, "parts": Parts(row["parts"]), "hosts": hosts})


CONNECTORS: Mapping[str, Connector] = {one.name: one for one in _connectors()}
FILE = "sources.yaml"
WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")


@dataclass(frozen=True, slots=True)
class Source:
    """A connector as it is to be used. `at` "HH:MM" in UTC, "" = only by hand; `weekday` "" =
    daily.

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
        return self.connector.name

    @property
    def shown_url(self) -> str:
        """Where the source is, for people; or what is to be given."""
        if self.connector.secret_url:
            said = "set" if self.url else "needed"
            return f"address ({address_variable(self.name)} or …_FILE): {said}"
        return self.url or "address: to be given"

    @property
    def lacks(self) -> str:
        """What a person has still to give; empty = nothing."""
        if self.connector.needs_token and not self.token:
            return f"it answers nobody without a token; set {token_variable(self.name)}, or …_FILE"
        if self.connector.secret_url and not self.url:
            return f"its address is a secret; set {address_variable(self.name)}, or …_FILE"
        return "" if self.url else f"its address changes; give today's as `url` in {FILE}, or --url"

    @property
    def headers(self) -> dict[str, str]:
        return (
            {"Authorization": f"{self.connector.token_scheme} {self.token}"} if self.token else {}
        )


@declared(
    messages={
        "unknown": "no such setting; a secret does not belong here, `indexer sources list` names its variable"
    }
)
class Asked:
    """How a source is to be pulled. `url` "", `per_minute` 0 = the connector's own."""

    enabled: bool = True
    url: Annotated[str, URL(schemes={"http", "https"}, require_tld=False)] = ""
    per_minute: Annotated[float, Range(min=0, min_inclusive=False)] = 0.0
    at: Annotated[
        str, Regexp(r"([01]\d|2[0-3]):[0-5]\d$", error='write a time of the day, as "03:20"')
    ] = ""
    weekday: Annotated[str, OneOf(WEEKDAYS, error="write a weekday: {choices}")] = ""


@declared()
class SourcesFile:
    sources: Mapping[
        Annotated[str, OneOf(tuple(CONNECTORS), error="no such source; there are {choices}")], Asked
    ] = about(default_factory=dict)
    precedence: tuple[str, ...] = ()
    fields_first: Mapping[
        Annotated[str, OneOf(tuple(FIELDS), error="no such field; there are {choices}")],
        tuple[str, ...],
    ] = about(default_factory=dict)

    def parsed(self) -> "SourcesFile":
        """The file itself. Raises ValidationError for an address that is a secret."""
        secret = [
            name for name, one in self.sources.items() if one.url and CONNECTORS[name].secret_url
        ]
        if secret:
            said = "its address is a secret, and does not belong here: `indexer sources list` names its variable"
            raise ValidationError({"sources": {name: {"url": [said]} for name in secret}})
        return self


def precedence(home: Path) -> Precedence:
    """Who is believed on what, where several sources tell of one supplier. Raises MappingsError."""
    said = _said(home)
    return Precedence(said.precedence or ORDER, {**OF_FIELDS, **said.fields_first})


def token_variable(name: str) -> str:
    """The variable that holds a source's token: "le-marche" → "DISCOVERY_TOKEN_LE_MARCHE"."""
    return f"DISCOVERY_TOKEN_{name.upper().replace('-', '_')}"


def address_variable(name: str) -> str:
    return f"DISCOVERY_URL_{name.upper().replace('-', '_')}"


def read(home: Path, env: Mapping[str, str] | None = None) -> dict[str, Source]:
    """Every source that there is, enabled only where the file says so; without a file none is.

    Raises MappingsError, which names line and fix; SettingsError a secret that can't be read.
    """
    asked = _said(home).sources
    return {
        name: _source(one, asked.get(name), os.environ if env is None else env)
        for name, one in CONNECTORS.items()
    }


def _said(home: Path) -> SourcesFile:
    """What the file says; without one, what an empty one would."""
    file = home / FILE
    return yamlfile.load(file, SourcesFile) if file.exists() else SourcesFile()


def _source(connector: Connector, asked: Asked | None, env: Mapping[str, str]) -> Source:
    try:
        token = (
            secrets.given(token_variable(connector.name), env, secret=True)
            if connector.token_scheme
            else ""
        )
        url = (
            secrets.given(address_variable(connector.name), env, secret=True)
            if connector.secret_url
            else ""
        )
    except ValueError as error:
        raise SettingsError(str(error)) from None
    allowed = (token and connector.per_minute_with_token) or connector.per_minute
    said = asked or Asked(enabled=False)
    return Source(
        connector,
        said.enabled,
        url or said.url or connector.url,
        said.per_minute or allowed,
        said.at,
        said.weekday,
        token,
    )
