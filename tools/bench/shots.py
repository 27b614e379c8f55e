"""Twelve states of the pages as pictures and as paper, to be looked at: `scripts/bench shots FOLDER
[STATE…]`.

Each state at four widths, light and dark, and printed to PDF; `measures.json` tells of each picture
where its first card begins, how many are whole on the screen, how high they are, and by how much
the page is too wide (pixels).
"""

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import CHROMIUM
from tools.bench.page import served

STATES: Mapping[str, str] = {
    "home": "/",
    "answer": "/?q=nettoyage+%C3%A0+30+km+de+Lyon,+ESAT+ou+EI",
    "three-places": "/?q=nettoyage+Lyon,+Saint-%C3%89tienne+et+Grenoble",
    "newest": "/?q=nettoyage&sort=listed",
    "map": "/?q=nettoyage+%C3%A0+30+km+de+Lyon&view=map",
    "nobody": "/?q=traiteur&near=Lyon&radius=5&kind=GEIQ",
    "problem": "/?q=nettoyage&near=Lyonn",
    "supplier": "",
    "selection": "",
    "places": "/lieux?q=nettoyage&place=commune:69123&place=commune:38185&place=commune:69266",
    "need": "/besoin",
    "english": "/?lang=en&q=cleaning+near+Lyon",
}
"""Name → address; those of a supplier and of a selection are made from the first answer."""
SCREENS = {1280: 800, 768: 1024, 390: 844, 320: 640}
MODES = ("light", "dark")
MEASURE = """() => {
  const boxes = [...document.querySelectorAll(".results .card")].map((one) => one.getBoundingClientRect());
  return {
    first: boxes.length ? Math.round(boxes[0].top) : null,
    whole: boxes.filter((one) => one.bottom <= innerHeight).length,
    heights: boxes.slice(0, 5).map((one) => Math.round(one.height)),
    too_wide: document.documentElement.scrollWidth - innerWidth,
  };
}"""


def main(folder: Path, wanted: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        served(Path(home)) as host,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        addresses = {**STATES, **found(browser, host)}
        measures = {
            f"{state}-{width}-{mode}": picture(
                browser, host, addresses[state], folder / f"{state}-{width}-{mode}", mode
            )
            for state in wanted or STATES
            for width in SCREENS
            for mode in MODES
        }
        browser.close()
    (folder / "measures.json").write_text(json.dumps(measures, indent=1) + "\n", encoding="utf-8")
    for name, told in measures.items():
        print(name, told)


def found(browser: Browser, host: str) -> dict[str, str]:
    """Addresses of states that need suppliers' names."""
    page = browser.new_page(base_url=f"http://{host}", locale="fr-FR")
    page.goto(STATES["answer"])
    ids = page.eval_on_selector_all(
        ".results .card", "cards => cards.slice(0, 3).map((one) => one.dataset.id)"
    )
    supplier = page.locator(".card h2 a").first.get_attribute("href") or ""
    page.close()
    kept = "&".join(f"id={id_}" for id_ in ids)
    return {"supplier": supplier, "selection": f"/selection?near=Lyon&{kept}"}


def picture(browser: Browser, host: str, address: str, file: Path, mode: str) -> dict[str, object]:
    """A screen of the page; and once, at the widest in the light, its paper."""
    width = int(file.name.split("-")[-2])
    context = browser.new_context(
        base_url=f"http://{host}",
        viewport={"width": width, "height": SCREENS[width]},
        color_scheme=mode,  # type: ignore[arg-type]
        locale="fr-FR",
    )
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    page.screenshot(path=file.with_name(f"{file.name}.png"))
    told: dict[str, object] = page.evaluate(MEASURE)
    if width == max(SCREENS) and mode == MODES[0]:
        paper(page, file)
    context.close()
    return told


def paper(page: Page, file: Path) -> None:
    page.pdf(path=file.with_name(f"{file.name}.pdf"), format="A4")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
