"""What people wrote, on every page and in every mail that shows it: as text, to whom it may.

One world holds markup in every field a person fills in, and words that may be read by few. Each
kind of reader then follows every link; nobody is served what is another's.
"""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.actions import choose_display_name
from accounts.models import Account
from consultations.actions.extension import extend_paper
from consultations.actions.statements import propose_statement
from core import clock
from moderation.actions import report
from notifications.delivery import deliver
from notifications.models import Notice
from participation.actions.contributions import edit_contribution
from participation.actions.follows import follow_engagement
from participation.actions.lateness import explain_delay
from participation.actions.outcome_items import ItemText, add_items, cite, save_item
from participation.actions.outcomes import approve_outcome, save_outcome, submit_outcome
from participation.actions.telling import find_event, tell_batch
from participation.models import Engagement
from tests.factories.consultations import chapter, make_paper, make_paper_draft, paragraph, today
from tests.factories.core import make_image
from tests.factories.desk import make_administrator, make_approver, make_officer
from tests.factories.engagements import make_account
from tests.factories.participation import (
    decide,
    make_comment,
    make_moderator,
    make_official_reply,
    make_receipt,
)

#: Breaks out of text, attribute, script, style, template and comment, each with a tag of ours.
BOMB = "'\"></p></title></textarea></script>--><xssmark><svg/onload=alert(1)>{{7*7}}%(a)s&lt;"
SHORT = '"><xssmark onclick=a>'
BODY = [
    chapter(
        "c1",
        BOMB,
        paragraph(
            "p1",
            "<p onclick=alert(1)>One<xssmark>a</xssmark><script>alert(1)</script>"
            "<a href='javascript:alert(1)'>b</a><svg/onload=alert(1)><math><mtext><table><mglyph>"
            "<style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'></p>",
        ),
        {
            "type": "table",
            "id": "t1",
            "value": {"caption": BOMB, "cells": f"{SHORT}|{SHORT}\n{SHORT}|a"},
        },
    )
]
#: Markup of theirs that reached a page unescaped.
LIVE = re.compile(
    r"<xssmark|<svg/onload|href=.javascript:|<img src=1|onerror=alert\(1\)>|>49<", re.I
)
SECRETS = {
    "withheld": "words a moderator sealed",
    "held": "words that wait for a moderator",
    "edited": "words that were edited away",
    "bureau": "words for the bureau alone",
    "draft": "words of an unpublished paper",
    "note": "a note to the moderators",
}
MOST_PAGES = 90


class Written:
    """The world: who wrote what."""

    def __init__(self) -> None:
        self.officer, self.approver = make_officer(), make_approver()
        self.moderator = make_moderator()
        self.administrator = make_administrator()
        self.citizen = make_account("secret-citizen@people.example")
        self.other = make_account("secret-other@people.example")
        _page, self.engagement = self._paper()
        self._draft()
        self._said()
        self._outcome()

    def _paper(self):
        picture = make_image(title=BOMB, credit=SHORT)
        figure = {
            "type": "figure",
            "id": "f1",
            "value": {"image": picture.pk, "alt": f"{BOMB} alt", "caption": f"{BOMB} caption"},
        }
        words = BODY[0]["value"]
        body = [chapter("c1", BOMB, *words["content"], figure)]
        fields = {
            "title": f"{BOMB} open",
            "summary": BOMB,
            "contact": BOMB,
            "file_number": SHORT,
            "body": body,
            "cover": picture,
            "cover_alt": f"{BOMB} cover",
            "statements": [{"type": "statement", "id": "s1", "value": BOMB}],
            "key_dates": [
                {"type": "date", "id": "k1", "value": {"date": today(), "label": BOMB}},
            ],
            "moderation_policy": "after",
        }
        page, engagement = make_paper(by=self.officer, **fields)
        extend_paper(
            page=page,
            last_day=today() + dt.timedelta(days=60),
            response_due=today() + dt.timedelta(days=120),
            reason={"en": BOMB},
            by=self.officer,
        )
        engagement.refresh_from_db()
        return page, engagement

    def _draft(self) -> None:
        words = SECRETS["draft"]
        make_paper_draft(by=self.officer, title=words, summary=words, contact=words)

    def _said(self) -> None:
        here, citizen, other = self.engagement, self.citizen, self.other
        choose_display_name(account=citizen, name=SHORT)
        choose_display_name(account=other, name="Neighbour")
        citizen.refresh_from_db()
        other.refresh_from_db()
        shown = make_comment(here, f"{BOMB} shown", account=citizen)
        make_comment(here, f"{BOMB} reply", account=other, parent=shown)
        make_official_reply(shown, self.officer, BOMB)
        report(
            kind="comment",
            target_id=shown.contribution.public_id,
            rule="r1",
            note=f"{SECRETS['note']} {BOMB}",
            account=other,
            reporter_key="person:x",
        )
        sealed = make_comment(here, f"{SECRETS['withheld']} {BOMB}", account=citizen)
        decide(sealed.contribution, "withhold", by=self.moderator, sentence=BOMB)
        changed = make_comment(here, SECRETS["edited"], account=citizen).contribution
        edit_contribution(
            contribution=changed,
            person=citizen.person,
            account=citizen,
            text="Better words.",
            version=1,
        )
        make_receipt(here, SECRETS["bureau"], account=citizen, publish_choice="confidential")
        propose_statement(
            engagement=here, person=other.person, account=other, text=SHORT, language="en"
        )
        Engagement.objects.filter(pk=here.pk).update(moderation_policy="before")
        here.refresh_from_db()
        make_comment(here, SECRETS["held"], account=citizen)
        follow_engagement(engagement=here, account=other)

    def _outcome(self) -> None:
        _page, closed = make_paper(
            by=self.officer,
            title=f"{BOMB} closed",
            opens=-40,
            closes=1,
            moderation_policy="after",
            response_due=today() + dt.timedelta(days=2),
        )
        said = make_comment(closed, f"{BOMB} quoted", account=self.citizen).contribution
        self._close(closed)
        late = {"en": BOMB, "zh-hant": BOMB}
        explain_delay(engagement=closed, reason=late, expected=None, by=self.officer)
        (item,) = add_items(engagement=closed, targets=[("whole", "")], by=self.officer)
        cite(
            engagement=closed,
            item=item.public_id,
            sources=[(said.public_id, "")],
            by=self.officer,
        )
        names = ("asked", "said", "decided", "why", "change")
        bombs: Any = {name: {"en": f"{BOMB} {name}", "zh-hant": BOMB} for name in names}
        save_item(
            engagement=closed,
            item=item.public_id,
            text=ItemText(verdict="not-adopted", **bombs),
            revision=None,
            by=self.officer,
        )
        save_outcome(engagement=closed, text={"en": BOMB, "zh-hant": BOMB}, by=self.officer)
        submit_outcome(engagement=closed, by=self.officer)
        approve_outcome(engagement=closed, by=self.approver)

    def _close(self, engagement: Engagement) -> None:
        """As if it had closed, and the answer had been due, some days ago."""
        ago = dt.timedelta(days=8)
        closed = clock.now() - ago
        Engagement.objects.filter(pk=engagement.pk).update(
            closes_at=closed, response_due=today() - dt.timedelta(days=3)
        )
        engagement.phases.update(closes_at=closed)
        engagement.refresh_from_db()

    def readers(self) -> dict[str, Account | None]:
        return {
            "citizen": self.citizen,
            "officer": self.officer,
            "moderator": self.moderator,
            "administrator": self.administrator,
            "anonymous": None,
        }


@pytest.fixture
def written(tree, settings) -> Written:
    # Who reads is tried here, not how often.
    settings.KAIFONG_LIMITS = dict.fromkeys(settings.KAIFONG_LIMITS, ((10000, 60),))
    return Written()


def crawl(client: Client, starts: list[str]) -> dict[str, tuple[str, Any]]:
    """Every page of ours that links lead to: text and response by path."""
    found: dict[str, tuple[str, Any]] = {}
    waiting = list(starts)
    seen = set(waiting)
    while waiting and len(found) < MOST_PAGES:
        path = waiting.pop(0)
        response = client.get(path)
        assert response.status_code < 500, path
        kind = response.headers.get("Content-Type", "")
        text = (
            response.getvalue().decode()
            if "text" in kind or "json" in kind or "xml" in kind
            else ""
        )
        found[path] = (text, response)
        if 300 <= response.status_code < 400:
            links = [response.headers["Location"]]
        elif "html" in kind:
            links = [unescape(link) for link in re.findall(r'\b(?:href|data-url)="([^"#]+)', text)]
        else:
            links = []
        for link in links:
            parts = urlsplit(urljoin(f"http://testserver{path}", link))
            follow = parts.path + (f"?{parts.query}" if parts.query else "")
            ours = parts.netloc == "testserver" and parts.path.startswith(("/en/", "/cms/desk/"))
            # Each kind of page once or twice: not every filter of every list.
            shape = re.sub(r"=[^&]*", "=", follow)
            if ours and follow not in seen and "sign-out" not in follow:
                if sum(re.sub(r"=[^&]*", "=", one) == shape for one in seen) > 3:
                    continue
                seen.add(follow)
                waiting.append(follow)
    return found


def starts_of(written: Written) -> list[str]:
    here = f"/en/e/{written.engagement.public_id}/"
    own = [f"/en/receipts/{receipt.code}/" for receipt in written.engagement.receipts.all()]
    return [
        "/en/",
        "/en/consultations/",
        written.engagement.paths["en"],
        *(here + part for part in ("comments/", "live.json", "state/", "statements/", "follow/")),
        *(here + part for part in ("statements/results/", "comment/", "statements/propose/")),
        "/en/account/",
        "/en/account/data/",
        "/en/account/notices/",
        "/en/moderation/",
        "/en/consultations/?q=words",
        "/cms/",
        f"/cms/desk/{written.engagement.public_id}/",
        "/sitemap.xml",
        "/robots.txt",
        "/en/about/sitemap/",
        *own,
    ]


@pytest.mark.django_db(transaction=True)
def test_markup_is_text_and_words_reach_those_who_may_read_them(written):
    starts = starts_of(written)
    addresses = [one.email for one in Account.objects.all()]
    pages: dict[str, dict[str, tuple[str, Any]]] = {}
    for name, account in written.readers().items():
        client = Client(raise_request_exception=False)
        if account is not None:
            client.force_login(account, backend="accounts.backends.AccountBackend")
        pages[name] = crawl(client, starts)
    faults = []
    for name, found in pages.items():
        assert sum(response.status_code == 200 for _text, response in found.values()) > 20, name
        for path, (text, response) in found.items():
            # A file and JSON are no markup, and are sent as what they are.
            markup = "html" in response.headers["Content-Type"] or "xml" in text[:40]
            if markup and (live := LIVE.search(text)):
                around = text[max(0, live.start() - 80) : live.end() + 20]
                faults.append(f"{name} {path}: markup {around!r}")
    shown = "".join(text for text, _response in pages["anonymous"].values())
    assert "&lt;xssmark" in shown
    for part in ("alt", "caption", "cover"):
        assert f"&amp;lt; {part}" in shown, part
    for path, (text, response) in pages["anonymous"].items():
        plain = unescape(text)
        for what, words in SECRETS.items():
            if words in plain:
                faults.append(f"anonymous {path}: {what} words")
        faults += [f"anonymous {path}: {one}" for one in addresses if one in plain]
        if "secret-citizen" in plain or ("Neighbour</" in plain and "/account/" in path):
            faults.append(f"anonymous {path}: a reader's mark")
        if hasattr(response, "kaifong_keep") and response.cookies:
            faults.append(f"anonymous {path}: kept with a cookie")
    for path, (text, _response) in pages["citizen"].items():
        faults += [
            f"citizen {path}: {one}"
            for one in addresses
            if one in text and "secret-citizen" not in one
        ]
        if SECRETS["note"] in text or SECRETS["draft"] in text:
            faults.append(f"citizen {path}: words for staff")
    for path, (text, _response) in pages["officer"].items():
        for what in ("withheld", "held", "note"):
            if SECRETS[what] in unescape(text):
                faults.append(f"officer {path}: {what} words")
        faults += [f"officer {path}: {one}" for one in addresses if "secret" in one and one in text]
    assert faults == []


@pytest.mark.django_db(transaction=True)
def test_a_kept_page_is_the_same_for_the_next_reader(written):
    """Read by a signed-in reader first, then by nobody: the cache holds no trace of the first."""
    cache.clear()
    first, second = Client(), Client()
    first.force_login(written.citizen, backend="accounts.backends.AccountBackend")
    here = f"/en/e/{written.engagement.public_id}/"
    for path in (
        "/en/",
        "/en/consultations/",
        written.engagement.paths["en"],
        f"{here}comments/?on=whole",
        f"{here}comments/?on=whole&sort=supported",
        f"{here}statements/results/",
    ):
        signed, nobody = first.get(path), second.get(path)
        assert signed.content == nobody.content
        assert not nobody.cookies
        assert "csrfmiddlewaretoken" not in nobody.content.decode()


@pytest.mark.django_db(transaction=True)
def test_mails_escape_and_keep_secrets(written):
    notice = written.engagement.public_notices.get(kind="extended")
    event = find_event("extended", notice.pk)
    assert event is not None
    for source in ("follows", "contributors"):
        tell_batch(event=event, source=source, after=0)
    for number in Notice.objects.values_list("pk", flat=True):
        deliver(number)
    assert len(mail.outbox) >= 6
    for one in mail.outbox:
        html = one.alternatives[0][0]
        assert not LIVE.search(html), one.subject
        assert "\n" not in one.subject
        assert len(one.to) == 1
        for words in SECRETS.values():
            assert words not in one.body + one.subject, one.subject
        others = {account.email for account in Account.objects.all()} - set(one.to)
        assert not [address for address in others if address in one.body + html]
