"""The traps of ux.md 1.8 and the gate of the shell, in a real browser."""

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browser import AXE, axe_faults, opened, overflow

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LANGUAGES = ("en", "zh-hant", "zh-hans")
PAGES = (
    "components/",
    "components/?errors=1",
    "about/how/",
    "about/rules/",
    "about/notices/",
    "about/privacy/",
    "about/accessibility/",
    "about/contact/",
    "about/sitemap/",
)
PHONE = {"width": 390, "height": 844}
WIDTHS = (320, 390, 1280)
# WCAG 1.4.12, set as a user's style sheet would.
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important;"
    " word-spacing: .16em !important } p { margin-bottom: 2em !important }"
)


# Whether what has the focus is marked, in the window, and not under something else.
TAB_STOP = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const r = e.getClientRects()[0], s = getComputedStyle(e);
  const next = e.nextElementSibling;
  const label = next ? getComputedStyle(next, '::before') : s;
  const marked = [s, label].some(x => x.boxShadow !== 'none'
    || (x.outlineStyle !== 'none' && parseFloat(x.outlineWidth) >= 2));
  const inside = r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth;
  const within = (value, size) => Math.min(Math.max(value, 1), size - 1);
  const x = within(r.left + Math.min(r.width / 2, 20), innerWidth);
  const y = within(r.top + Math.min(r.height / 2, 20), innerHeight);
  const top = document.elementFromPoint(x, y);
  const free = top && (top === e || e.contains(top) || top.contains(e)
    || (e.labels && [...e.labels].some(n => n.contains(top))));
  return {ok: marked && inside && !!free, html: e.outerHTML.slice(0, 90)};
}"""
# Each text node of the titles with the number of lines it stands on.
LINES = """() => {
  const titles = document.querySelectorAll('.hk-card__title a, .hk-statement__text');
  const range = document.createRange();
  return [...titles].flatMap(title => [...title.childNodes])
    .filter(node => node.nodeType === 3 && node.data.trim())
    .map(node => {
      range.selectNodeContents(node);
      const tops = [...range.getClientRects()].map(rect => Math.round(rect.top));
      return [node.data.trim(), new Set(tops).size];
    });
}"""


def _set_style(page: Page, css: str) -> None:
    """Adopt a sheet from script: the policy forbids inline style, not this."""
    page.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);"
        " document.adoptedStyleSheets = [sheet]; }",
        css,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_and_axe_and_the_policy_find_nothing(
    browser: Browser, live_server: object, language: str
) -> None:
    """One visit to each page, looked at in every width: loading it is what costs."""
    assert AXE.exists(), "run scripts/build-assets: axe-core comes with the npm packages"
    wanted = "Error: " if language == "en" else "错误：" if "hans" in language else "錯誤："
    with opened(browser, f"{live_server}/{language}/components/") as (page, said):
        for path in PAGES:
            page.goto(f"{live_server}/{language}/{path}")
            assert page.title().startswith(wanted) == ("errors" in path)
            assert page.locator("h1").count() == 1
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 844})
                assert overflow(page) <= 0, f"{path} at {width}"
                if path == "components/" or width == PHONE["width"]:
                    assert axe_faults(page) == [], f"{path} at {width}"
            page.set_viewport_size({"width": 320, "height": 844})
            _set_style(page, SPACING)
            assert overflow(page) <= 0, f"{path} with text spacing"
            assert said == [], path


def test_a_broken_page_is_found(browser: Browser, live_server: object) -> None:
    """The control: the checks above must be able to fail."""
    with opened(browser, f"{live_server}/en/components/") as (page, said):
        page.evaluate(
            "() => { document.querySelector('label[for=id_email]').remove();"
            " document.documentElement.removeAttribute('lang');"
            " const bad = document.createElement('p'); bad.setAttribute('style', 'color:#ccc');"
            " bad.setAttribute('onclick', 'alert(1)'); bad.textContent = 'grey';"
            " document.querySelector('main').append(bad);"
            " const script = document.createElement('script'); script.textContent = 'let x = 1';"
            " document.body.append(script);"
            " const wide = document.createElement('div'); wide.textContent = 'w'.repeat(900);"
            " document.querySelector('main').append(wide); }"
        )
        faults = " ".join(axe_faults(page))
        assert "label" in faults
        assert "html-has-lang" in faults
        assert overflow(page) > 0
        assert sum("Content Security Policy" in line for line in said) >= 2


@pytest.mark.parametrize("width", [320, 1280])
def test_every_tab_stop_is_seen(browser: Browser, live_server: object, width: int) -> None:
    height = 256 if width == 320 else 800
    with opened(
        browser,
        f"{live_server}/en/components/",
        viewport={"width": width, "height": height},
    ) as (page, _said):
        smooth = page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
        assert smooth == "auto"
        seen, bad = 0, []
        for _step in range(120):
            page.keyboard.press("Tab")
            stop = page.evaluate(TAB_STOP)
            if stop is None:
                break
            seen += 1
            if not stop["ok"]:
                bad.append(stop["html"])
        assert seen > 30
        assert bad == []


def test_menu_opens_and_closes_without_moving_the_page(
    browser: Browser, live_server: object
) -> None:
    with opened(browser, f"{live_server}/en/components/", viewport=PHONE) as (page, _said):
        button = page.get_by_role("button", name="Menu")
        link = page.locator(".govuk-service-navigation__link").first
        assert button.is_visible()
        assert not link.is_visible()
        shift = page.evaluate(
            "() => new Promise(done => new PerformanceObserver(list => done(list.getEntries()"
            ".reduce((sum, entry) => sum + entry.value, 0)))"
            ".observe({type: 'layout-shift', buffered: true}) || setTimeout(() => done(0), 500))"
        )
        assert shift <= 0.01
        button.click()
        assert link.is_visible()
        assert button.get_attribute("aria-expanded") == "true"
        page.keyboard.press("Escape")
        assert not link.is_visible()


def test_menu_is_there_without_scripts(browser: Browser, live_server: object) -> None:
    with opened(
        browser, f"{live_server}/zh-hant/components/", viewport=PHONE, java_script_enabled=False
    ) as (page, _said):
        assert page.locator(".govuk-service-navigation__link").first.is_visible()
        assert not page.locator(".govuk-service-navigation__toggle").is_visible()


def test_menu_returns_when_the_module_is_blocked(browser: Browser, live_server: object) -> None:
    context = browser.new_context(viewport=PHONE)
    try:
        page = context.new_page()
        page.clock.install()
        page.route("**/js/menu.js", lambda route: route.abort())
        page.goto(f"{live_server}/en/components/")
        link = page.locator(".govuk-service-navigation__link").first
        assert not link.is_visible()
        page.clock.run_for(4100)
        assert link.is_visible()
    finally:
        context.close()


@pytest.mark.parametrize(("language", "region"), [("zh-hant", "HK"), ("zh-hans", "SC")])
def test_chinese_has_the_face_of_its_region(
    browser: Browser, live_server: object, language: str, region: str
) -> None:
    with opened(browser, f"{live_server}/{language}/components/") as (page, _said):
        other = "zh-Hans" if language == "zh-hant" else "zh-Hant-HK"
        for selector, wanted in (
            ("h1", region),
            ("#para .govuk-body", region),
            (f".hk-languages [lang='{other}']", "SC" if region == "HK" else "HK"),
        ):
            fonts = _fonts(page, selector)
            assert any(name.endswith(f"CJK {wanted}") for name in fonts), (selector, fonts)
            assert not any("Serif" in name for name in fonts)


def _fonts(page: Page, selector: str) -> list[str]:
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    return [font["familyName"] for font in fonts]


def test_chinese_titles_break_only_between_words(browser: Browser, live_server: object) -> None:
    with opened(
        browser,
        f"{live_server}/zh-hant/components/",
        viewport={"width": 320, "height": 800},
    ) as (page, _said):
        lines = page.evaluate(LINES)
        assert len(lines) > 8
        assert [word for word, rows in lines if rows != 1 and len(word) < 12] == []
        style = page.evaluate(
            "() => { const s = getComputedStyle(document.querySelector('h1'));"
            " return [s.wordBreak, s.textWrapStyle || s.textWrap]; }"
        )
        assert style[0] == "keep-all"
        assert style[1] != "balance"
        em = page.evaluate(
            "() => { const s = getComputedStyle(document.querySelector('main em'));"
            " return [s.fontStyle, Number(s.fontWeight) >= 700]; }"
        )
        assert em == ["normal", True]


def test_tags_keep_their_edge_in_forced_colours(browser: Browser, live_server: object) -> None:
    with opened(browser, f"{live_server}/en/components/", forced_colors="active") as (page, _said):
        edge = page.evaluate(
            "() => { const s = getComputedStyle(document.querySelector('.govuk-tag'));"
            " return [s.borderTopStyle, s.borderTopWidth, s.borderTopColor, s.backgroundColor]; }"
        )
        assert edge[:2] == ["solid", "1px"]
        assert edge[2] != edge[3]


def test_counter_counts_code_points_like_the_server(browser: Browser, live_server: object) -> None:
    with opened(browser, f"{live_server}/en/components/") as (page, _said):
        counter = page.locator("#id_text-info")
        for text, left in (
            ("", 500),
            ("𨋢", 499),
            ("a\nb", 497),
            ("e\u0301", 499),
            ("街" * 499, 1),
        ):
            page.fill("#id_text", text)
            expected = (
                "You can write 1 more character."
                if left == 1
                else f"You can write {left} more characters."
            )
            assert counter.text_content() == expected
        page.fill("#id_text", "街" * 502)
        assert counter.text_content() == "You have written 2 characters too many."


def test_errors_take_the_focus_and_lead_to_their_fields(
    browser: Browser, live_server: object
) -> None:
    with opened(browser, f"{live_server}/en/components/?errors=1") as (page, _said):
        focused = page.evaluate("document.activeElement.className")
        assert "govuk-error-summary" in focused
        links = page.locator(".govuk-error-summary a")
        assert links.count() >= 5
        for number in range(links.count()):
            target = links.nth(number).get_attribute("href")
            assert target is not None
            links.nth(number).click()
            assert page.evaluate("document.activeElement.id") == target[1:]


def test_switching_keeps_place_and_choice(browser: Browser, live_server: object) -> None:
    with opened(browser, f"{live_server}/en/components/?a=1#votes") as (page, _said):
        page.get_by_role("link", name="繁體").click()
        page.wait_for_url("**/zh-hant/components/?a=1#votes")
        page.goto(f"{live_server}/")
        assert page.url == f"{live_server}/zh-hant/"


def test_pages_ask_nobody_else(browser: Browser, live_server: object) -> None:
    context = browser.new_context()
    try:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{live_server}/en/components/")
        assert asked
        assert [url for url in asked if not url.startswith((str(live_server), "data:"))] == []
    finally:
        context.close()
