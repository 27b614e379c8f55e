"""The pages as a buyer's slow machine shows them, in a real browser on the sample: `scripts/bench
page [TIMES]`.

The processor is slowed four times. For each page, medians and bests of some fresh loads: largest
contentful paint, layout shift, the worst delay from an action to the next paint (Event Timing, in
steps of 8 ms), and what a first view weighs.
"""

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.chromium import CHROMIUM
from tests.served import Served
from tools.bench.suggestions import fill

SLOWER = 4
LOCALE = "fr-FR"
"""Of the buyers: a browser that says nothing is led to English."""
TIMES = 5
GOALS: Mapping[str, float] = {
    "lcp_ms": 1_500,
    "delay_ms": 100,
    "cls": 0.02,
    "bytes": 100_000,
    "elsewhere": 0,
}
"""At most; of every page."""

OBSERVE = """() => {
  window.seen = { lcp: 0, cls: 0, delay: 0 };
  const watch = (type, options, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...options });
  watch("largest-contentful-paint", {}, (one) => { seen.lcp = one.startTime; });
  watch("layout-shift", {}, (one) => { if (!one.hadRecentInput) seen.cls += one.value; });
  watch("event", { durationThreshold: 16 }, (one) => {
    if (one.interactionId) seen.delay = Math.max(seen.delay, one.duration);
  });
}"""

Action = Callable[[Page], None]


def type_a_need(page: Page) -> None:
    page.locator("#q").click()
    page.keyboard.type("nettoyage de bu", delay=120)


def choose_a_facet(page: Page) -> None:
    page.locator("#kind-ESAT").click()


def open_the_map(page: Page) -> None:
    page.locator("a[href*='view=map']").first.click()


def open_a_gap(page: Page) -> None:
    page.locator("details.gap summary").first.click()


NATIONAL = "/?q=nettoyage"
RESULTS = "/?q=nettoyage+%C3%A0+30+km+de+Lyon"
JOURNEYS: tuple[tuple[str, str, Action | None], ...] = (
    ("home", "/", None),
    ("home: typing", "/", type_a_need),
    ("results", RESULTS, None),
    ("results: everywhere", NATIONAL, None),
    ("results: typing", RESULTS, type_a_need),
    ("results: a facet", RESULTS, choose_a_facet),
    ("results: the map", RESULTS, open_the_map),
    ("map, opened by link", f"{RESULTS}&view=map", None),
    ("supplier", "", None),
    ("stats", "/stats", None),
    ("stats: a gap", "/stats", open_a_gap),
    ("types", "/types", None),
)
"""(name, address, what is done once it is there); the supplier is the first one found."""


@dataclass
class Load:
    """One fresh load. `bytes`: as they travelled, before anything was done."""

    lcp_ms: float = 0
    cls: float = 0
    delay_ms: float = 0
    bytes: float = 0
    requests: float = 0
    elsewhere: float = 0


@dataclass
class Traffic:
    """Heard from the browser: addresses asked for, bytes received."""

    host: str
    asked: list[str] = field(default_factory=list)
    received: int = 0

    def hear(self, session: CDPSession) -> None:
        session.send("Network.enable")
        session.on(
            "Network.requestWillBeSent", lambda event: self.asked.append(event["request"]["url"])
        )
        session.on("Network.loadingFinished", self._finished)

    def _finished(self, event: dict[str, float]) -> None:
        self.received += int(event["encodedDataLength"])

    @property
    def elsewhere(self) -> int:
        places = (urlsplit(one) for one in self.asked)
        return sum(one.scheme != "data" and one.netloc != self.host for one in places)


def main(times: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as host,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        supplier = first_supplier(browser, host)
        loads = {
            name: [load(browser, host, address or supplier, act) for _ in range(times)]
            for name, address, act in JOURNEYS
        }
        browser.close()
    medians, best = (
        {name: each(of, take) for name, of in loads.items()} for take in (statistics.median, min)
    )
    for title, found in (("medians", medians), ("best", best)):
        print(f"{title} of {times} loads")
        for line in report(found):
            print(line)
    print(
        f"goals, at most: {', '.join(f'{name} {most:g}' for name, most in GOALS.items())} (! = over)"
    )
    print(
        f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; when shared, read the best"
    )
    told = {"medians": as_json(medians), "best": as_json(best)}
    print(json.dumps({"goals": GOALS, "slower": SLOWER, **told}))


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The sample, behind `discovery serve`: what browsers get in earnest."""
    home = folder / "home"
    fill(home)
    service = Served(
        home, folder / "log", rate_limit_pages="off", rate_limit="off", rate_limit_suggest="off"
    )
    try:
        yield f"127.0.0.1:{service.port}"
    finally:
        service.stop()


def first_supplier(browser: Browser, host: str) -> str:
    page = browser.new_page(base_url=f"http://{host}", locale=LOCALE)
    page.goto(RESULTS)
    address = page.locator(".card h2 a").first.get_attribute("href") or "/"
    page.close()
    return address


def load(browser: Browser, host: str, address: str, act: Action | None) -> Load:
    """In a fresh profile, so that nothing is cached."""
    context = browser.new_context(
        base_url=f"http://{host}", viewport={"width": 1280, "height": 900}, locale=LOCALE
    )
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    traffic = Traffic(host)
    traffic.hear(session)
    page.goto(address, wait_until="networkidle")
    page.evaluate(OBSERVE)
    page.wait_for_timeout(300)
    first = Load(bytes=traffic.received, requests=len(traffic.asked))
    if act is not None:
        act(page)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(700)
    seen = page.evaluate("() => window.seen")
    first.lcp_ms, first.cls, first.delay_ms = seen["lcp"], seen["cls"], seen["delay"]
    first.elsewhere = traffic.elsewhere
    context.close()
    return first


def each(loads: list[Load], take: Callable[[list[float]], float]) -> Load:
    """Of each figure by itself."""
    return Load(**{name: take([asdict(one)[name] for one in loads]) for name in asdict(loads[0])})


def as_json(found: Mapping[str, Load]) -> dict[str, dict[str, float]]:
    return {name: asdict(one) for name, one in found.items()}


def report(found: Mapping[str, Load]) -> Iterator[str]:
    """A table; what is over its goal bears a mark."""
    yield f"{'page':<22}{'LCP ms':>9}{'CLS':>9}{'delay ms':>10}{'kB':>8}{'requests':>10}{'elsewhere':>11}"
    for name, one in found.items():
        lcp, cls, delay = (
            _told(one, "lcp_ms", ".0f"),
            _told(one, "cls", ".3f"),
            _told(one, "delay_ms", ".0f"),
        )
        size, elsewhere = _told(one, "bytes", ".1f", 1000), _told(one, "elsewhere", ".0f")
        yield f"{name:<22}{lcp:>9}{cls:>9}{delay:>10}{size:>8}{one.requests:>10.0f}{elsewhere:>11}"


def over(one: Load, figure: str) -> bool:
    return float(getattr(one, figure)) > GOALS[figure]


def _told(one: Load, figure: str, form: str, unit: float = 1) -> str:
    return ("! " if over(one, figure) else "") + format(getattr(one, figure) / unit, form)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TIMES)
