"""The HTML report as Chromium shows it: nothing loaded, nothing cut off, everything readable."""

from __future__ import annotations

import base64
import re
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from auditor.report.html import HtmlWriter
from auditor.report.interface import Style
from tests.report import examples

pytestmark = pytest.mark.browser
ALL = ["rich", "bare", "passing", "waived", "hostile"]

CONTRAST = """
const seen = new Map();
function rgb(text) {
  const parts = text.match(/[\\d.]+/g).map(Number);
  return parts.length === 4 && parts[3] === 0 ? null : parts.slice(0, 3);
}
function light([r, g, b]) {
  const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const [x, y, z] = [r, g, b].map(v => linear(v / 255));
  return .2126 * x + .7152 * y + .0722 * z;
}
function behind(node) {
  for (let at = node; at; at = at.parentElement) {
    const color = rgb(getComputedStyle(at).backgroundColor);
    if (color) return color;
  }
  return [255, 255, 255];
}
const bad = [];
for (const node of document.body.querySelectorAll('*:not(svg *)')) {
  const own = [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
  if (!own || !node.getClientRects().length) continue;
  const a = light(rgb(getComputedStyle(node).color)), b = light(behind(node));
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  const words = node.textContent.trim().slice(0, 40);
  if (ratio < 4.5) bad.push([node.className, words, ratio.toFixed(2)].join(' '));
}
return bad;
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    webdriver = pytest.importorskip("selenium.webdriver")
    program = shutil.which("chromium") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("Chromium and its driver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chrome = webdriver.Chrome(options, webdriver.ChromeService(driver))
    yield chrome
    chrome.quit()


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Any:
    def shown(name: str, width: int = 1280, scheme: str = "light", *, scripts: bool = True) -> Any:
        file = tmp_path / f"{name}.html"
        file.write_bytes(HtmlWriter().render(getattr(examples, name)(), Style()))
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        media = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripts})
        browser.get(file.as_uri())
        return browser

    return shown


@pytest.mark.parametrize("name", ALL)
def test_no_errors_and_no_requests(name: str, show: Any) -> None:
    page = show(name)
    assert page.get_log("browser") == []
    asked = [entry["message"] for entry in page.get_log("performance")]
    asked = [text for text in asked if '"Network.requestWillBeSent"' in text]
    assert len(asked) == 1


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("width", [390, 768, 1280])
def test_the_page_never_scrolls_sideways(name: str, width: int, show: Any) -> None:
    page = show(name, width)
    assert page.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ALL)
def test_text_stands_out_from_its_ground(name: str, scheme: str, show: Any) -> None:
    assert show(name, scheme=scheme).execute_script(CONTRAST) == []


def test_dark_and_light_differ(show: Any) -> None:
    color = "return getComputedStyle(document.body).backgroundColor"
    assert show("rich").execute_script(color) != show("rich", scheme="dark").execute_script(color)


@pytest.mark.parametrize("name", ["rich", "bare", "passing", "waived"])
def test_headings_step_down_one_at_a_time(name: str, show: Any) -> None:
    page = show(name)
    levels = page.execute_script(
        "return [...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])"
    )
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_landmarks_and_names_for_readers_who_do_not_see(show: Any) -> None:
    page = show("rich")
    count = "return document.querySelectorAll(arguments[0]).length"
    for landmark in ("main", "nav[aria-label]", "body > header", "body > footer"):
        assert page.execute_script(count, landmark) == 1
    assert page.execute_script(count, "section:not([aria-labelledby]), [role=region]:not([aria-label])") == 0
    assert page.execute_script(count, "table th:not([scope])") == 0
    assert page.execute_script(count, "svg:not([aria-hidden]):not([aria-label])") == 0


def test_the_verdict_is_seen_without_scrolling(show: Any) -> None:
    page = show("rich")
    assert (
        page.execute_script("return document.querySelector('.verdict').getBoundingClientRect().bottom") < 900
    )


def test_the_keyboard_gets_to_the_findings_first(show: Any) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    page = show("rich")
    page.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    assert page.switch_to.active_element.text == "Skip to the findings"


def test_everything_is_there_without_scripts(show: Any) -> None:
    from selenium.webdriver.common.by import By

    page = show("rich", scripts=False)
    text = page.find_element(By.TAG_NAME, "main").text
    assert "Output used to train a competing model" in text
    assert "Method and limits" in text


@pytest.mark.parametrize("name", ALL)
def test_it_prints_on_a4(name: str, show: Any) -> None:
    page = show(name)
    wanted = {"preferCSSPageSize": True, "printBackground": True}
    content = base64.b64decode(page.execute_cdp_cmd("Page.printToPDF", wanted)["data"])
    assert content.startswith(b"%PDF")
    sizes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox \[([^]]+)\]", content)}
    assert sizes
    assert all(box[2:] == pytest.approx((595, 842), abs=2) for box in sizes)
