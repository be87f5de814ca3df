"""Opens the pages of `make site` from the disk in headless Chromium, and holds them to what a reader needs of them.

usage: pages.py SITE [SHOTS]      SHOTS is a folder for pictures

Chromium is that of the system, and `playwright` and `axe-playwright-python`, which has axe, come from PyPI. Where one of them
is missing the script says so and ends with 0.
"""

import pathlib
import shutil
import sys

try:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright
except ImportError as error:
    sys.exit(print(f"site: nothing is tried in a browser: {error}") or 0)

WIDTHS = (390, 820, 1440)
THEMES = ("light", "dark")
PICTURES = ("index.html", "docs/for-security-engineers.html", "docs/exit-codes.html")

mistakes = []


def expect(is_so, text):
    if not is_so:
        mistakes.append(text)
        print(f"site: FAILED: {text}")


class Reader:
    """A browser's window that takes note of what a page asks for and complains of."""

    def __init__(self, browser, **options):
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.asked, self.said = [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def open(self, path):
        self.page.goto(path.as_uri())
        return self.page

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()


def looks(browser, site, paths, shots):
    """All pages, in both themes and three widths."""
    for theme in THEMES:
        with Reader(browser, viewport={"width": WIDTHS[-1], "height": 900}, color_scheme=theme) as reader:
            for path in paths:
                name = path.relative_to(site).as_posix()
                page = reader.open(path)
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 900})
                    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                    expect(over <= 0, f"{name}: {over} pixels wider than a window of {width}")
                    if shots and name in PICTURES:
                        page.screenshot(path=shots / f"{name.replace('/', '-')}-{theme}-{width}.png")
                expect(not reader.said, f"{name}: {reader.said}")
                # The themes differ in colours alone, which are the same on all pages.
                if theme == THEMES[0] or name in PICTURES:
                    for violation in Axe().run(page).response["violations"]:
                        expect(False, f"{name}, {theme}: {violation['id']}: {violation['nodes'][0]['html'][:200]}")
                reader.said.clear()  # axe asks for the stylesheet, which a page from a disk may not
            outside = [url for url in reader.asked if not url.startswith(("file:", "data:"))]
            expect(not outside, f"pages ask for {outside}")


def search(browser, site):
    with Reader(browser) as reader:
        page = reader.open(site / "docs/report.html")
        page.keyboard.press("/")
        page.keyboard.type("exit code 3 damage")
        page.wait_for_selector(".found li a")
        expect("exit" in page.inner_text(".found").lower(), "a search finds nothing of what it is for")
        count = page.locator(".found li").count()
        expect(page.locator(".found mark").count() >= count, "what was searched for is not marked")
        page.keyboard.press("ArrowDown")
        expect(page.evaluate("document.activeElement.closest('.found') !== null"), "the arrow leads to no result")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "report.html" not in url)
        page.wait_for_selector("main h1")

        page = reader.open(site / "docs/report.html")
        for words, is_found in (("zyzzyva", False), ("<b>", True), ("*(", True), ("x" * 2000, False)):
            page.fill(".search input", words)
            page.wait_for_function("document.querySelector('.found p') !== null")
            page.wait_for_timeout(50)
            expect((page.locator(".found li").count() > 0) is is_found or words in ("<b>", "*("), f"'{words[:20]}' is found, or not")
            expect(page.locator(".found b").count() == 0, f"'{words[:20]}' becomes HTML")
        page.keyboard.press("Escape")
        expect(page.locator(".found").is_hidden(), "Escape does not end a search")
        expect(not reader.said, f"a search: {reader.said}")


def themes(browser, site):
    with Reader(browser, color_scheme="light") as reader:
        page = reader.open(site / "index.html")
        color = "getComputedStyle(document.body).backgroundColor"
        light = page.evaluate(color)
        page.click(".theme")
        dark = page.evaluate(color)
        expect(light != dark, "the button changes no colour")
        page = reader.open(site / "docs/report.html")
        expect(page.evaluate(color) == dark, "the next page has forgotten the theme")


def without_scripts(browser, site, paths):
    with Reader(browser, java_script_enabled=False) as reader:
        for path in paths:
            page = reader.open(path)
            expect(page.locator("main h1").count() >= 1, f"{path.name}: has no heading without scripts")
            expect(page.locator("form:visible, button:visible").count() == 0, f"{path.name}: has what does nothing without scripts")
        page = reader.open(site / "index.html")
        page.click("#pages a:has-text('Exit codes')")
        expect(page.inner_text("h1").startswith("Exit codes"), "a link of the navigation leads elsewhere")


def printed(browser, site):
    with Reader(browser) as reader:
        page = reader.open(site / "docs/exit-codes.html")
        page.emulate_media(media="print")
        expect(page.locator("#pages").is_hidden() and page.locator(".bar").is_hidden(), "print has the navigation in it")
        expect(len(page.pdf()) > 10_000, "print gives no page")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    site = pathlib.Path(sys.argv[1]).resolve()
    shots = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    if shots:
        shots.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        sys.exit(print("site: nothing is tried in a browser: Chromium is not here") or 0)
    paths = sorted(site.rglob("*.html"))
    if not paths:
        sys.exit(f"site: there are no pages in '{site}'")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        looks(browser, site, paths, shots)
        search(browser, site)
        themes(browser, site)
        without_scripts(browser, site, paths)
        printed(browser, site)
        browser.close()
    print(f"site: {len(paths)} pages in {len(THEMES)} themes and {len(WIDTHS)} widths, {len(mistakes)} mistakes")
    sys.exit(1 if mistakes else 0)


if __name__ == "__main__":
    main()
