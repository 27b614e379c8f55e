"""From a keystroke to suggestions on the screen, in a real browser on the sample: `scripts/bench
suggestions [TIMES]`.

Three figures: what the reader waits for in all, what of it is the request, and what is left: the
pause that spares the service a burst of letters, and the drawing. The goal is 150 ms for what is
left.
"""

import logging
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from discovery.app import create_app
from discovery.mappings import Settings
from tests.chromium import CHROMIUM

SAMPLE = "2000"
TIMES = 30
PHRASES = (
    "ne",
    "ly",
    "nettoyage a",
    "blanch",
    "esat",
    "entretien des esp",
    "saint-d",
    "traiteur nan",
    "69",
    "menuis",
)

WATCH = """() => {
  const root = document.querySelector("supplier-search").shadowRoot;
  const [input, list] = [root.querySelector("input[role=combobox]"), root.querySelector("[role=listbox]")];
  input.addEventListener("input", () => { window.typed = performance.now(); window.shown = null; });
  new MutationObserver(() => {
    if (!list.hidden && window.shown === null) requestAnimationFrame(() => { window.shown ??= performance.now(); });
  }).observe(list, { attributes: true, childList: true });
}"""
READ = """() => {
  const asked = performance.getEntriesByType("resource").filter((one) => one.name.includes("/suggest?")).at(-1);
  return [window.shown - window.typed, asked.duration];
}"""


def main(times: int) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        fill(home)
        server = make_server("127.0.0.1", 0, create_app(Settings(home=home)), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(bypass_csp=True)  # to be asked from outside while it runs
        page.goto(f"http://127.0.0.1:{server.server_port}/widget")
        page.locator("supplier-search .card").first.wait_for()
        page.evaluate(WATCH)
        pairs = [measured(page, turn) for turn in range(times)]
        browser.close()
        server.shutdown()
    for name, values in (
        ("keystroke to suggestions", [whole for whole, _ in pairs]),
        ("of which the request", [request for _, request in pairs]),
        ("left: pause and drawing", [whole - request for whole, request in pairs]),
    ):
        worst = sorted(values)[int(0.95 * (len(values) - 1))]
        print(f"{name:<26} p50 {statistics.median(values):6.1f} ms   p95 {worst:6.1f} ms")


def fill(home: Path) -> None:
    """The sample of `scripts/run`."""
    around = {**os.environ, "DISCOVERY_HOME": str(home)}
    subprocess.run(["indexer", "migrate"], env=around, check=True, stdout=subprocess.DEVNULL)
    with subprocess.Popen(
        ["indexer", "generate", SAMPLE], env=around, stdout=subprocess.PIPE
    ) as made:
        subprocess.run(
            ["indexer", "import", "-"],
            stdin=made.stdout,
            env=around,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    subprocess.run(["indexer", "sync"], env=around, check=True, stdout=subprocess.DEVNULL)


def measured(page: Page, turn: int) -> tuple[float, float]:
    """Milliseconds: in all, and of the request. No phrase comes twice: the widget would not ask
    again.
    """
    phrase = f"lot {turn} {PHRASES[turn % len(PHRASES)]}"
    page.locator("supplier-search").get_by_role("combobox").fill(phrase[:-1])
    page.wait_for_timeout(400)
    page.keyboard.type(phrase[-1])
    page.wait_for_function("window.shown !== null", timeout=5_000)
    whole, request = page.evaluate(READ)
    return whole, request


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TIMES)
