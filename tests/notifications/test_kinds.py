"""Every kind of mail, composed in three languages: nothing missing, untranslated or leaking."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives

from core.texts import LANGUAGES, html_lang
from notifications import kinds
from notifications.kinds import Because
from notifications.mail import Letter, compose
from notifications.paths import localised

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 11, 2, 4, 0, tzinfo=dt.UTC)
DAY = NOON.date()
TITLE = {"en": "Waste charging", "zh-hant": "都市固體廢物收費", "zh-hans": "都市固体废物收费"}
BUREAU = {"en": "Environment Department", "zh-hant": "環境保護署", "zh-hans": "环境保护署"}
ABOUT = {"title": TITLE, "bureau": BUREAU}
NOUN = {"en": "contest", "zh-hant": "比賽", "zh-hans": "比赛"}
OFFICE = {**ABOUT, "noun": NOUN}
REASON = {"en": "Reason given.", "zh-hant": "原因如下。", "zh-hans": "原因如下。"}
PAPER = {**OFFICE, "author": "陳小明", "opens_at": NOON, "closes_at": NOON, "summary": REASON}
OUTCOME = {**OFFICE, "by": "陳小明", "response_due": DAY}
DUE = {**OFFICE, "response_due": DAY, "days": 3}
IDEA = {**ABOUT, "idea": "長椅"}
FOUND = {**ABOUT, "finding": "座位表是空的。"}
BOX = {**ABOUT, "waiting": 3, "day": DAY, "days": 7}
CODE = {"code": "482 193", "minutes": 10}
NEW_IDEA = {
    "first_kind": {"en": "Idea", "zh-hant": "意見", "zh-hans": "意见"},
    "first": TITLE,
}

#: What each kind is told in the cases its templates tell apart.
SAMPLES: dict[str, list[dict[str, Any]]] = {
    "sign-in-code": [CODE],
    "address-code": [CODE],
    "receipt": [
        {**ABOUT, "what": what, "received_at": NOON, "state": state, "closes_at": NOON}
        for what in ("comment", "statement", "response", "votes")
        for state in ("held", "published", "confidential")
    ]
    + [
        {**ABOUT, "what": "idea", "received_at": NOON, "state": "held", **days}
        for days in ({"closes_at": NOON, "ends_at": NOON}, {"always": "yes"})
    ],
    "decision": [
        {**ABOUT, "what": what, "verdict": verdict, "decided_at": NOON, "rule": REASON}
        for what in ("comment", "statement", "response", "answer")
        for verdict in ("publish", "withhold")
    ]
    + [{"what": "name", "verdict": "withhold", "decided_at": NOON, "rule": REASON}],
    "task-decided": [
        {**ABOUT, "verdict": "accept"},
        {**ABOUT, "verdict": "decline", "reason": "隨便填寫。", "until": NOON},
        {**ABOUT, "verdict": "decline", "reason": "隨便填寫。"},
    ],
    "try-decided": [
        {**ABOUT, "verdict": "accept"},
        {**ABOUT, "verdict": "decline", "reason": "隨便填寫。", "until": NOON},
        {**ABOUT, "verdict": "decline", "reason": "隨便填寫。"},
    ],
    "round-invited": [{**ABOUT, "until": NOON}],
    "volunteer-ends": [{"until": NOON}],
    "session-place": [{**ABOUT, "at": NOON}],
    "session-soon": [{**ABOUT, "at": NOON}],
    "session-off": [{**ABOUT, "at": NOON}],
    "finding-decided": [
        {**FOUND, "state": "confirmed"},
        {**FOUND, "state": "planned", "reason": "下月處理。"},
        {**FOUND, "state": "mended", "build": "14"},
        {**FOUND, "state": "declined", "reason": "設計如此。"},
    ],
    "finding-shipped": [{**FOUND, "build": "14"}, {**FOUND, "build": "14", "reason": "多謝。"}],
    "finding-merged": [
        {**FOUND, "state": state, "build": "14" if state == "mended" else ""}
        for state in ("new", "confirmed", "planned", "mended", "declined")
    ],
    "reply": [{**ABOUT, "official": "yes"}, {**ABOUT, "by": "阿明"}, ABOUT],
    "opened": [{**ABOUT, "closes_at": NOON}, {**ABOUT, "closes_at": NOON, "response_due": DAY}],
    "extended": [{**ABOUT, "closes_at": NOON, "reason": REASON, "closed_before": NOON}],
    "outcome": [{**ABOUT, "late_days": 3, "summary": REASON}],
    "heard": [{**ABOUT, "response_due": DAY}, ABOUT],
    "changed": [{**ABOUT, "notice": REASON}],
    "rules": [{**ABOUT, "notice": REASON}],
    "corrected": [{**ABOUT, "notice": REASON, "closes_at": NOON}, {**ABOUT, "notice": REASON}],
    "late": [{**ABOUT, "response_due": DAY, "reason": REASON, "expected": DAY}],
    "staff-waiting": [
        {"count": 7, "oldest_at": NOON, "closing_today": 2},
        {"count": 1},
    ],
    "approval-wanted": [
        {**PAPER, "questions": 4, "minutes": 3, "note": "請看第二章。"},
        {**PAPER, "gate": "yes", "response_due": DAY},
        {**PAPER, "change": "yes"},
    ],
    "approved": [{**OFFICE, "by": "陳小明"}, {**OFFICE, "by": "陳小明", "opens_at": NOON}],
    "sent-back": [{**OFFICE, "by": "陳小明", "note": "請寫上電話。"}],
    "outcome-wanted": [
        {**OFFICE, "step": step, "author": "陳小明", "summary": REASON, "response_due": DAY}
        for step in ("heard", "outcome")
    ],
    "outcome-approved": [{**OUTCOME, "step": step} for step in ("heard", "outcome")],
    "outcome-sent-back": [
        {**OUTCOME, "step": step, "note": "請寫上電話。"} for step in ("heard", "outcome")
    ],
    "invitation": [
        {"role": role, "expires_at": NOON, "by": "陳小明", "bureau": BUREAU}
        for role in ("officer", "approver", "moderator", "juror", "administrator")
    ],
    "follow-confirm": [ABOUT, {"bureau": BUREAU}],
    "password-changed": [{"at": NOON}, {"at": NOON, "first": "yes"}],
    "email-changed": [{"at": NOON, "side": "old"}, {"at": NOON, "side": "new"}],
    "account-closed": [{"at": NOON}],
    "report-delivered": [{**OFFICE, "taken_at": NOON, "version": 1, "owed_by": DAY}],
    "report-unreceived": [{**OFFICE, "delivered_at": NOON, "owed_by": DAY}],
    "holidays-missing": [{"year": "2028"}],
    "answer-due": [{**DUE, "state": state} for state in ("none", "draft", "waiting")]
    + [{**DUE, "state": "none", "days": 0}],
    "answer-late": [{**DUE, "state": "none"}, {**DUE, "state": "draft", "explained": "yes"}],
    "idea-screened": [
        {**IDEA, "verdict": "accepted"},
        {**IDEA, "verdict": "complete", "reason": REASON, "until": NOON},
        {**IDEA, "verdict": "declined", "sentence": "請看第二章。"},
    ],
    "idea-merged": [{**IDEA, "side": side, "other": "樹蔭"} for side in ("merged", "leads")],
    "idea-status": [
        {
            **IDEA,
            "status": status,
            "sentence": {"en": "See chapter two.", "zh-hant": "請看第二章。"},
        }
        for status in (
            *("received", "in-review", "shortlisted", "awarded"),
            *("adopted", "in-progress", "done", "not-adopted"),
        )
    ],
    "co-author-invited": [
        {**ABOUT, "expires_at": NOON, "by": "阿明"},
        {**ABOUT, "expires_at": NOON},
    ],
    "co-author-changed": [
        {**IDEA, "step": step, **by} for step in ("joined", "left") for by in ({}, {"by": "阿明"})
    ]
    + [{**IDEA, "step": "removed"}],
    "idea-reply": [{**IDEA, "text": "請看第二章。"}],
    "jury-seat": [{**ABOUT, "opens_at": NOON, "closes_at": NOON}, ABOUT],
    "box-due": [BOX, {**BOX, "days": 0, "waiting": 1}],
    "box-late": [BOX],
    "reward-redeemed": [
        {**ABOUT, "points": 300, "state": state, "collect_by": NOON}
        for state in ("given", "waiting", "reserved")
    ],
    "reward-given": [ABOUT],
    "reward-shown": [{**ABOUT, "number": 2}],
    "reward-ready": [{**ABOUT, "collect_by": NOON}],
    "reward-ended": [
        {**ABOUT, "state": "refunded", "points": 300, "reason": "請看第二章。"},
        {**ABOUT, "state": "refused", "points": 1},
        {**ABOUT, "state": "expired", "points": 0},
    ],
    "reward-low": [{"title": TITLE, "left": 3}],
    "points-expire": [{"points": 1, "until": NOON}, {"points": 300, "until": NOON}],
    "points-corrected": [
        {"points": 1, "what": "added", "reason": "請看第二章。"},
        {"points": 300, "what": "taken", "reason": "請看第二章。"},
    ],
    "ledger-fault": [{"faults": 2}],
    "saved-search": [
        {"asked": "垃圾收費", "count": 1, "every": every, **NEW_IDEA, "first_count": 1}
        for every in ("soon", "daily", "weekly")
    ]
    + [
        {
            **{"asked": "垃圾收費", "count": 50, "every": "daily", "filtered": "yes"},
            **NEW_IDEA,
            "first_count": 12,
            **last,
        }
        for last in ({"rest": 38}, {"more": "yes"})
    ],
    "draft-link": [{**ABOUT, "closes_at": NOON, "works_until": NOON}],
}
CASES = [(name, number) for name, cases in SAMPLES.items() for number in range(len(cases))]
# Words that stay as they are in Chinese: our name, addresses, sorts of file.
LATIN = re.compile(r"https?://\S+|[\w.+-]+@[\w.-]+|Kaifong|HTML")


def mail_of(
    name: str, params: dict[str, Any], language: str, stop: str = ""
) -> EmailMultiAlternatives:
    kind = kinds.find(name)
    return compose(
        Letter(
            kind=kind,
            to="reader@people.example",
            language=language,
            params=kinds.stored_params(kind, params),
            path=localised("/some/where/", language),
            unsubscribe_path=localised(stop, language) if stop else "",
            has_account=True,
        )
    )


def html_of(mail: EmailMultiAlternatives) -> str:
    return str(mail.alternatives[0].content)


def test_every_kind_has_a_case_here():
    assert set(SAMPLES) == {kind.name for kind in kinds.registered()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "number"), CASES)
def test_a_mail_says_what_who_where_next_and_why(name, number, language):
    params = SAMPLES[name][number]
    mail = mail_of(name, params, language)
    html, body = html_of(mail), str(mail.body)
    assert f'<html lang="{html_lang(language)}">' in html
    # One link to act on, the same in both forms.
    assert html.count('class="act"') == 1
    assert f"/{language}/some/where/" in body
    assert html.count("<h2>") == 1
    if "bureau" in params:
        assert BUREAU[language] in body
        assert BUREAU[language] in html
    for part in (mail.subject, body, html):
        assert "None" not in part
        assert "%(" not in part
        assert "{{" not in part
        # Empty brackets or quotes: a parameter that was not there.
        assert not re.search(r"“”|《》|「」|\(\)|（）", part)
    assert "\n\n\n" not in body.strip()
    if language != "en":
        own = LATIN.sub("", f"{mail.subject}\n{body}")
        assert not re.search(r"[A-Za-z]{3,}", own), own
        # The colon of Chinese brings its own space.
        assert "： " not in body
    else:
        assert not re.search(r"[。，：「」《》]", re.sub(r"(?m)^>.*$", "", f"{mail.subject}{body}"))


@pytest.mark.parametrize(("name", "number"), CASES)
def test_a_subject_gives_nothing_away(name, number):
    params = SAMPLES[name][number]
    subject = mail_of(name, params, "en").subject
    for secret in ("482", "Reason given", "請寫上電話", "請看第二章", "confidential", "agree"):
        assert secret not in subject


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_staff_hear_of_their_role_and_never_that_they_took_part(name):
    kind = kinds.find(name)
    body = str(mail_of(name, SAMPLES[name][0], "en").body)
    assert ("because of your role" in body) is (kind.because is Because.ROLE)
    citizens = {"receipt", "decision", "reply", "opened", "extended", "outcome", "heard", "late"}
    citizens |= {"changed", "rules", "corrected", "idea-screened", "idea-merged", "idea-status"}
    citizens |= {"co-author-changed", "idea-reply", "task-decided", "try-decided"}
    citizens |= {"finding-decided", "finding-shipped", "finding-merged"}
    citizens |= {"reward-redeemed", "reward-given", "reward-ready", "reward-ended", "points-expire"}
    citizens |= {"points-corrected"}
    assert ("because you took part" in body) is (name in citizens)


def test_a_follower_hears_that_they_follow_and_a_contributor_that_they_took_part():
    params = SAMPLES["outcome"][0]
    follower = mail_of("outcome", params, "en", stop="/follow/stop/abc/")
    assert "because you follow it" in str(follower.body)
    contributor = mail_of("outcome", params, "en", stop="/follow/mails/abc/")
    assert "because you took part" in str(contributor.body)
    assert "Stop these mails: http://testserver/en/follow/mails/abc/" in str(contributor.body)


@pytest.mark.parametrize("name", ["sign-in-code", "address-code"])
def test_a_code_stands_large(name):
    assert '<p class="code">482 193</p>' in html_of(mail_of(name, CODE, "zh-hant"))


def test_an_outcome_is_no_draft():
    for name in ("outcome-wanted", "outcome-approved", "outcome-sent-back"):
        for params in SAMPLES[name]:
            body = str(mail_of(name, params, "en").body)
            assert "Opens:" not in body
            assert "dates you entered" not in body


@pytest.mark.parametrize(
    ("name", "number"), [case for case in CASES if "noun" in SAMPLES[case[0]][case[1]]]
)
def test_officers_read_what_kind_of_thing_it_is_and_never_another(name, number):
    params = SAMPLES[name][number]
    others = {
        "en": ("paper", "consultation"),
        "zh-hant": ("文件", "諮詢"),
        "zh-hans": ("文件", "咨询"),
    }
    for language in LANGUAGES:
        mail = mail_of(name, params, language)
        for said in (str(mail.body), html_of(mail), mail.subject):
            assert not [word for word in others[language] if word in said.lower()], said
        opening = "he contest “" if language == "en" else f"{NOUN[language]}《"
        assert f"{opening}{TITLE[language]}" in str(mail.body)


def test_a_foreign_title_is_marked_in_the_body_and_plain_in_the_title():
    params = {**SAMPLES["outcome"][0], "title": {"zh-hant": "都市<固體>廢物收費"}}
    html = html_of(mail_of("outcome", params, "en"))
    assert '<span lang="zh-Hant-HK">都市&lt;固體&gt;廢物收費</span>' in html
    assert "<title>What came of it: 都市&lt;固體&gt;廢物收費</title>" in html
