"""Walking through the pages of a questionnaire as a browser does."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from accounts.models import Account
from participation.models import Engagement
from questionnaires.definition import Definition
from tests.factories.questionnaires import (
    definition,
    make_questionnaire,
    options,
    question,
    section,
    when,
)

BACKEND = "accounts.backends.AccountBackend"


class Walk:
    """One visit: goes to pages, sends forms, follows redirects by hand."""

    def __init__(self, engagement: Engagement, language: str = "en") -> None:
        self.client = Client()
        self.language = language
        self.base = f"/{language}/e/{engagement.public_id}/answer/"
        self.at = ""

    def get(self, path: str = "") -> Any:
        return self._follow(self.client.get(path if path.startswith("/") else self.base + path))

    def post(self, path: str = "", **data: Any) -> Any:
        where = path if path.startswith("/") else self.base + path
        return self._follow(self.client.post(where, data))

    def send(self, **data: Any) -> Any:
        """Send the form of the page that is open, with its hidden fields and what was shown."""
        page = self.client.get(self.at).content.decode()
        hidden = {
            name: re.search(rf'name="{name}" value="(\w+)"', page) for name in ("was", "edition")
        }
        fields: dict[str, Any] = {name: found[1] for name, found in hidden.items() if found}
        fields["seen"] = re.findall(r'name="seen" value="([\w-]+)">', page)
        return self.post(self.at, **{**fields, **data})

    def _follow(self, response: Any) -> Any:
        for _step in range(5):
            if response.status_code not in (301, 302):
                break
            self.at = response["Location"].split("#")[0]
            self.fragment = response["Location"].partition("#")[2]
            response = self.client.get(self.at)
        else:
            raise AssertionError("It never ends.")
        self.at = response.wsgi_request.get_full_path()
        response.text = response.content.decode()
        return response

    def sign_in(self, account: Account) -> None:
        """Signing in, as it keeps what the session held."""
        kept = {k: self.client.session[k] for k in ("drafts",) if k in self.client.session}
        self.client.force_login(account, backend=BACKEND)
        session = self.client.session
        session.update(kept)
        session.save()


def small() -> Definition:
    """Three parts, a condition within the first and one across."""
    return Definition(
        sections=(
            section(
                "one",
                question("uses", "one", number=1, options=options("yes", "no")),
                question("often", "number", number=2, condition=when(("uses", "is-any", "yes"))),
            ),
            section(
                "two",
                question("why", "long", number=3, condition=when(("uses", "is-any", "no"))),
            ),
            section("three", question("more", "short", number=4)),
        )
    )


def ready(engagement: Engagement, account: Account | None, asked: Definition | None = None) -> Walk:
    """A visit that has answered and stands at the check page."""
    make_questionnaire(engagement, asked or definition(question("a", number=1)))
    walk = Walk(engagement)
    if account:
        walk.sign_in(account)
    walk.post(route="whole")
    walk.send(**{"q-a": "Said"})
    assert walk.at.endswith("/check/")
    return walk
