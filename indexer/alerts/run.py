"""Passes of the alerts program: requests taken up, addresses erased, digests made, mails sent.

Any number may run at once. Where a test may end the process: `indexer.faults`.
"""

import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from itertools import islice
from threading import Event
from typing import Any

from sqlalchemy import Engine

from discovery.desk.alerts import Do, Signer, Spool
from discovery.errors import DiscoveryError
from discovery.mappings import Settings, SettingsError
from discovery.mappings.settings import variable_of
from discovery.model import dataclass, field, fields
from discovery.texts import day, t
from indexer.alerts import corrections, message, outbox, subscriptions
from indexer.alerts.servers import (
    Delivery,
    MailServer,
    MailServerAway,
    Matches,
    SearchRefused,
    Service,
)
from indexer.alerts.subscriptions import Followed, news
from indexer.faults import reached
from indexer.lock import utc
from indexer.troubles import PASSING, Troubles

SHOWN = 20
"""Suppliers told by name in a digest; the search page tells the others."""
AT_ONCE = 100
"""Searches read from the store together."""
REFUSED_AGAIN = timedelta(days=1)
"""A search that the service refuses is asked again after that: a deployer may widen the scope
again.
"""
NEEDED = ("alerts", "alerts_from", "smtp", "public_url")
ALERTS_SECONDS = 30.0
"""Between two passes: how long somebody waits for the mail to confirm, at most."""
PASS_SECONDS = 25.0
"""After which a pass leaves the rest to the next, so that requests and stops are taken up in
between.
"""


@dataclass(slots=True)
class Report:
    """What a pass did, in numbers."""

    requests: int = 0
    unsigned: int = 0
    erased: int = 0
    asked: int = 0
    looked: int = 0
    refused: int = 0
    digests: int = 0
    sent: int = 0
    bounced: int = 0
    retry: int = 0
    given_up: int = 0

    def line(self) -> str:
        """What was done, for logs; "" when nothing was."""
        numbers = (
            (field.name.replace("_", " "), getattr(self, field.name)) for field in fields(self)
        )
        return ", ".join(f"{number} {name}" for name, number in numbers if number)


@dataclass(frozen=True)
class Alerts:
    """What a pass needs. `clock` is given so that tests own the time."""

    store: Engine
    settings: Settings
    clock: Callable[[], datetime] = utc
    signer: Signer = field(init=False)

    def __post_init__(self) -> None:
        """Raises SettingsError when a setting lacks."""
        lacking = [variable_of(name) for name in NEEDED if not getattr(self.settings, name)]
        if lacking:
            raise SettingsError(
                f"e-mail alerts need {', '.join(lacking)}: see docs/howto/alerts.md"
            )
        object.__setattr__(self, "signer", Signer(self.settings.secret))

    def run(self, enough: Callable[[], bool] = lambda: False) -> Report:
        """Run one pass; `enough` says when to leave the rest for the next. Raises ServiceAway or
        MailServerAway: what was done until then stays done.
        """
        report = Report()
        self.take_up(report)
        report.erased = subscriptions.erase_old(self.store, self.clock())
        report.asked = subscriptions.ask_held(self.store, self.clock())
        try:
            self.send(report, enough)  # of a confirmation, which somebody waits for, first
            self.look(report, enough)
        finally:
            if report.digests:
                self.send(report, enough)
        return report

    def take_up(self, report: Report) -> None:
        """Take up what the service handed over since: subscriptions, links that were opened,
        corrections of records.
        """
        assert self.settings.alerts is not None
        spool = Spool(self.settings.alerts)
        spool.sweep()
        for path, text in spool.waiting():
            asked = self.signer.asked(text)
            if asked is None:
                report.unsigned += 1
            else:
                if asked.do in (Do.CORRECT, Do.WITHDRAW):
                    corrections.take(self.store, asked, self.signer, self.clock())
                else:
                    subscriptions.apply(self.store, asked, self.clock())
                report.requests += 1
            reached("stored")
            spool.done(path)
            reached("taken")

    def look(self, report: Report, enough: Callable[[], bool]) -> None:
        """Ask the service for every search that is due. No transaction is open meanwhile."""
        service = Service(self.settings.alerts_service or self.settings.public_url)
        while not enough() and (due := subscriptions.due(self.store, self.clock(), AT_ONCE)):
            for one in due:
                if enough():
                    return
                self._look(one, service, report)

    def _look(self, one: Followed, service: Service, report: Report) -> None:
        try:
            matches = service.matches(one.search, lots=message.of_lots(one.search))
        except SearchRefused:
            report.refused += 1
            subscriptions.put_off(self.store, one, self.clock() + REFUSED_AGAIN)
            return
        new = [] if one.known is None else news(matches, one.known)
        told, gone = self._told({id_: matches[id_] for id_ in new}, service, one.lang)
        content = {"suppliers": told, "more": len(new) - len(told) - len(gone)} if told else None
        reached("asked")
        report.looked += 1
        done = subscriptions.looked(
            self.store, one, [id_ for id_ in matches if id_ not in gone], content, self.clock()
        )
        report.digests += done and content is not None
        reached("digested")

    def _told(
        self, new: Matches, service: Service, lang: str
    ) -> tuple[list[dict[str, Any]], set[str]]:
        """The first of them as a mail tells them, and those that were withdrawn meanwhile."""
        told, gone = [], set()
        for id_, lot in islice(new.items(), SHOWN):
            profile = None if lot else service.supplier(id_, lang)
            if lot:
                told.append(open_lot(lot, lang))
            elif profile is None:
                gone.add(id_)
            else:
                told.append(supplier(profile, self.settings.public_url, lang))
        return told, gone

    def send(self, report: Report, enough: Callable[[], bool]) -> None:
        """Send the mails that are due, one by one. Raises MailServerAway: they wait, and no try is
        counted against them.
        """
        head = message.Letterhead(self.settings.public_url, self.settings.alerts_from, self.signer)
        with closing(MailServer(self.settings)) as server:
            while not enough() and (mail := outbox.claim(self.store, self.clock())):
                reached("held")
                try:
                    found = server.send(mail.address, message.message(mail, head))
                except MailServerAway:
                    outbox.failed(self.store, mail, self.clock(), counts=False)
                    raise
                reached("accepted")
                self._settle(mail, found, report)
                reached("sent")

    def _settle(self, mail: outbox.Mail, found: Delivery, report: Report) -> None:
        if found is Delivery.ACCEPTED:
            outbox.sent(self.store, mail)
            report.sent += 1
        elif found is Delivery.BOUNCED:
            report.bounced += subscriptions.bounced(self.store, mail.address, self.clock())
        elif outbox.failed(self.store, mail, self.clock()):
            report.retry += 1
        else:
            report.given_up += 1


def supplier(profile: dict[str, Any], base: str, lang: str) -> dict[str, Any]:
    """A supplier as a digest tells it: name, kind and town, trades, and where its page is. Pure."""
    address = profile["address"]
    place = (
        f"{address['city']} ({address['department']})"
        if address.get("department")
        else address.get("city")
    )
    trades = ", ".join(dict.fromkeys(one["label"] for one in profile["activities"]))
    url = profile["url"] if "://" in profile["url"] else base + profile["url"]
    return {
        "title": profile["display_name"],
        "url": url if lang == "fr" else f"{url}?lang={lang}",
        "lines": [
            line
            for line in (" · ".join(filter(None, (profile["kind_label"], place))), trades)
            if line
        ],
    }


def open_lot(one: dict[str, Any], lang: str) -> dict[str, Any]:
    """An open lot as a digest tells it: title, buyer and places, deadline, and where its notice is.
    Pure.
    """
    deadline = t("follow.lots.deadline", lang, day=day(one["deadline"], lang))
    return {
        "title": one["title"],
        "url": one["url"],
        "lines": [" · ".join((one["buyer"], ", ".join(one["places"]))), deadline],
    }


def one_pass(alerts: Alerts) -> str:
    """Run one pass, and say what it did in a line; "" when that is nothing."""
    end = time.monotonic() + PASS_SECONDS
    return alerts.run(lambda: time.monotonic() > end).line()


def run(alerts: Alerts, stop: Event, say: Callable[[str], None]) -> None:
    """Run passes until `stop` is set. Trouble is said once, and waited out."""
    troubles = Troubles(say, say)
    while not stop.wait(ALERTS_SECONDS):
        try:
            said = one_pass(alerts)
        except (*PASSING, DiscoveryError) as error:
            troubles.waits(error)
            continue
        troubles.works()
        if said:
            say(said)
