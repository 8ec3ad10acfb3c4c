"""A person at a browser: goes through pages, looks at each, reads the mail that was sent."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, Route

from core.texts import html_lang
from tests.e2e.browser import axe_faults, overflow

#: A folder to keep a picture of every page looked at, for people who look with their own eyes.
SHOTS = os.environ.get("E2E_SHOTS", "")
#: The answer to a submit may do a lot of work on a busy machine; nothing here measures time.
PATIENCE = 30_000
MAIL_SECONDS = 30
#: What Latin words in a row are, in the page's own voice: four of them make a sentence.
LATIN = re.compile(r"[A-Za-z][A-Za-z’'-]*(?:[ ,]+[A-Za-z][A-Za-z’'-]*){3,}")
#: Texts of the page's own language: what is marked as another language is no fault, nor is what
#: people typed themselves.
OWN_TEXTS = """() => {
  const own = document.documentElement.lang, found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement;
    if (!at || at.closest('script, style, bdi, textarea, code, .hk-mail-text')) continue;
    if (at.closest('[lang]').lang === own) found.push(walk.currentNode.data.trim());
  }
  return found.filter(Boolean);
}"""


class Walker:
    """One browser of one person; ``faults`` collects what no page may have."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        language: str = "zh-hant",
        width: int = 390,
        scripts: bool = True,
        name: str = "",
    ) -> None:
        self.url, self.language, self.width, self.scripts = url, language, width, scripts
        self.name = name or f"{language}-{width}"
        self.context = browser.new_context(
            viewport={"width": width, "height": 844 if width < 600 else 900},
            locale={"en": "en-HK", "zh-hant": "zh-HK", "zh-hans": "zh-CN"}[language],
            java_script_enabled=scripts,
            base_url=url,
        )
        self.faults: list[str] = []
        self._seen: set[str] = set()
        self._shot = 0
        self._copy: Page | None = None
        self.page: Page = self._tab()

    def _tab(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self._fault(str(error)))
        page.on("console", self._console)
        page.on("response", self._response)
        return page

    def kill_tab(self) -> None:
        """The tab is gone without a word to its page; the same browser opens another."""
        self.page.close(run_before_unload=False)
        self.page = self._tab()

    def __enter__(self) -> Walker:
        return self

    def __exit__(self, kind: Any, *_rest: Any) -> None:
        if kind is not None and SHOTS:
            self._picture("stopped-here")
        self.close()

    def close(self) -> None:
        """Close what was opened."""
        if self._copy is not None:
            self._copy.context.close()
        self.context.close()

    def _fault(self, text: str) -> None:
        self.faults.append(f"{self.name} {self.page.url}: {text}")

    def _console(self, said: ConsoleMessage) -> None:
        # What could not be loaded is counted by its answer: a form refused (422) is no fault.
        if said.type == "error" and not said.text.startswith("Failed to load resource"):
            self._fault(said.text)

    def _response(self, answer: Response) -> None:
        page = answer.request.is_navigation_request()
        if answer.status >= (500 if page else 400):
            self._fault(f"{answer.status} for {answer.url}")

    # --- going --------------------------------------------------------------------------------

    def go(self, path: str) -> Page:
        """Open an address; a path without a language is taken in this person's."""
        whole = path if path.startswith(("/", "http")) else f"/{self.language}/{path}"
        answer = self.page.goto(whole)
        assert answer is not None
        assert answer.status < 400, f"{self.page.url}: {answer.status}"
        return self.page

    def press(self, selector: str | Locator) -> None:
        """Press a button or link and wait for the page it leads to."""
        target = self.page.locator(selector).first if isinstance(selector, str) else selector
        with self.page.expect_navigation():
            target.click()

    def send(self, form: str, **values: str) -> None:
        """Fill the fields of a form by their names and send it: by Enter where one line is last."""
        for field, value in values.items():
            self.page.fill(f"{form} [name='{field}']", value)
        last = self.page.locator(f"{form} [name='{next(reversed(values), '')}']").first
        if values and last.evaluate("field => field.tagName") == "INPUT":
            with self.page.expect_navigation():
                last.press("Enter")
        else:
            self.press(f"{form} button[type=submit]:not([formaction])")

    def words(self, selector: str = "main") -> str:
        """What is to be read there."""
        return self.page.locator(selector).first.inner_text()

    # --- looking ------------------------------------------------------------------------------

    def look(self, step: str, *, within: str | None = None) -> None:
        """Hold the open page to the gate: language, width, axe-core, no word left in English.

        Once for each step of this person. ``within`` narrows it to our part of a CMS page.
        """
        if step in self._seen:
            return
        self._seen.add(step)
        if SHOTS:
            self._picture(step)
        self._look(step, within)

    def _look(self, step: str, within: str | None) -> None:
        page, height = self.page, 844
        if within is None:
            lang = page.evaluate("document.documentElement.lang")
            if lang != html_lang(self.language):
                self._fault(f"lang is {lang}")
            if page.locator("h1").count() != 1:
                self._fault(f"{page.locator('h1').count()} h1")
            for width in {320, self.width}:
                page.set_viewport_size({"width": width, "height": height})
                if overflow(page) > 0:
                    self._fault(f"{overflow(page)} px too wide at {width}")
            page.set_viewport_size({"width": self.width, "height": height})
            if self.language != "en":
                for text in page.evaluate(OWN_TEXTS):
                    if LATIN.search(text):
                        self._fault(f"not translated: {text[:120]}")
        for fault in axe_faults(page if self.scripts else self._mirror(), within=within):
            self._fault(f"{step}: {fault}")

    def _mirror(self) -> Page:
        """The very same document where scripts may run: axe-core needs a page's own timers."""
        if self._copy is None:
            context = self.context.browser.new_context(  # type: ignore[union-attr]
                viewport=self.page.viewport_size, base_url=self.url
            )
            self._copy = context.new_page()
            self._copy.route("**/*", self._same_document)
        self._copy.goto(self.page.url)
        return self._copy

    def _same_document(self, route: Route) -> None:
        if route.request.is_navigation_request():
            route.fulfill(body=self.page.content(), content_type="text/html; charset=utf-8")
        elif route.request.resource_type in {"fetch", "xhr", "script"}:
            route.abort()
        else:
            route.continue_()

    def _picture(self, step: str) -> None:
        self._shot += 1
        folder = Path(SHOTS) / self.name
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{self._shot:02}-{step}.png", full_page=True)

    # --- signing in and mail ------------------------------------------------------------------

    def sign_in_by_password(self, email: str, password: str, to: str) -> None:
        """As staff do: open what they want, be asked who they are, arrive."""
        self.go(to)
        assert f"/{self.language}/account/sign-in/" in self.page.url, self.page.url
        self.press("main a[href*='/sign-in/password/']")
        self.look("password")
        self.send("main form", email=email, password=password)
        assert to in self.page.url, self.page.url

    def confirm_email(self, email: str) -> None:
        """From the sign-in page on: ask for a code, read it in the mail, enter it."""
        assert "/account/sign-in/" in self.page.url, self.page.url
        self.look("sign-in")
        before = len(mails(self, email))
        self.send("main form", email=email)
        self.enter_code(email, before)

    def enter_code(self, email: str, before: int) -> None:
        """Enter the code of the mail that came after so many others."""
        self.look("code")
        found = re.search(r"\b(\d{3}) ?(\d{3})\b", wait_for_mail(self, email, more_than=before))
        assert found is not None, "no code in the mail"
        self.send("main form", code="".join(found.groups()))


def mails(walker: Walker, email: str) -> list[str]:
    """The addresses of the mails sent to somebody, newest first, as /dev/mail/ lists them."""
    answer = walker.context.request.get("/dev/mail/", params={"to": email})
    assert answer.ok, answer.status
    return re.findall(r'href="(/dev/mail/\w+/)"', answer.text())


def wait_for_mail(walker: Walker, email: str, *, more_than: int = 0, about: str = "") -> str:
    """The plain text of the newest mail to ``email`` (with ``about`` in it) once it has come."""
    end = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < end:
        found = mails(walker, email)
        for path in found[: len(found) - more_than]:
            html = walker.context.request.get(path).text()
            text = re.sub(r"<br ?/?>|</p>", "\n", html)
            text = re.sub(r"<[^>]+>", "", text)
            if about in text:
                return text
        walker.page.wait_for_timeout(200)
    raise AssertionError(f"no mail to {email} about {about!r}")


def link_in(text: str, part: str) -> str:
    """The first address in a mail that has ``part`` in it."""
    found = re.search(rf"https?://\S*{re.escape(part)}[^\s<>\"]*", text)
    assert found is not None, text
    return found.group(0)
