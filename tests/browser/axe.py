"""What is asked of every page in the browser: axe finds nothing, nothing is wider than the window."""

from collections.abc import Iterable

from tests.browser.conftest import ROOT, open_page

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {1440: 900, 768: 1024, 390: 844}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A theme changes colors and nothing else: what asks about colors is run in each, everything in one of them.
RULES = {
    "light": {"type": "tag", "values": TAGS},
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}


def problems(page, theme: str = "light") -> list[str]:
    """What is wrong with the page as it stands, at its present size; without axe-core only what overflows."""
    found = []
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("overflows")
    if AXE.exists():
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.read_text())
        run = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
        violations = page.evaluate(run, RULES[theme])["violations"]
        found += [f"{each['id']} {each['nodes'][0]['html'][:200]}" for each in violations]
    return found


def check(page, theme: str = "light", sizes: Iterable[int] = SIZES) -> None:
    """Nothing is wrong with the page at any of the widths."""
    found = []
    for width in sizes:
        page.set_viewport_size({"width": width, "height": SIZES[width]})
        found += [f"at {width}: {each}" for each in problems(page, theme)]
    assert "\n".join(found) == ""


def check_pages(chromium, server: str, paths: Iterable[str], theme: str, role: str = "administrator") -> None:
    """Nothing is wrong with any of these pages of alpha at any width, and the console stays silent."""
    page, found = open_page(chromium, server, role=role, color_scheme=theme), []
    for path in paths:
        page.goto(f"{server}/t/alpha{path}")
        for width, height in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            found += [f"{path} at {width}: {each}" for each in problems(page, theme)]
    assert "\n".join(found) == ""
    assert page.faults == []
