"""The CMS under its own policy: its screens work, and so does the preview shown there."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser

from accounts.models import Account
from core.middleware import CMS_POLICY
from core.models import HomePage

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_the_cms_and_its_preview_run_under_the_cms_policy(
    browser: Browser, live_server: Any, tree: dict[str, HomePage]
) -> None:
    administrator = Account.objects.create_superuser("admin@demo.example", "a-long-password-1")
    client = Client()
    client.force_login(administrator, backend=settings.AUTHENTICATION_BACKENDS[0])
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        page = context.new_page()
        complaints: list[str] = []
        policies: dict[str, str] = {}
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" else None,
        )
        page.on(
            "response",
            lambda answer: policies.__setitem__(
                answer.url, answer.headers.get("content-security-policy", "")
            ),
        )
        page.goto(f"{live_server}/cms/pages/{tree['en'].pk}/edit/")
        assert page.title().endswith("Kaifong 街坊")
        assert page.locator(".hk-cms-mark svg").first.is_visible()
        page.get_by_role("button", name="Toggle preview").first.click()
        preview = page.frame_locator("iframe[title='Preview']").first
        preview.locator(".hk-wordmark").wait_for()
        assert preview.locator("h1").text_content().strip() == tree["en"].title
        assert complaints == []
        shown = [policy for url, policy in policies.items() if "/preview/" in url]
        assert shown
        assert set(shown) == {CMS_POLICY}
    finally:
        context.close()
