"""The kinds of the first cut, with what each must be told. Registered in ``ready()``.

``title`` and ``bureau`` are texts by language everywhere (``engagement.title``, ``bureau.name``).
``what`` says what somebody contributed: ``comment``, ``statement``, ``response``, ``votes`` or
``name`` (a display name). Times are aware datetimes, ``*_due`` are dates.

Required, then after the bar optional:

* sign-in-code: code (words), minutes (number). Never a row: ``actions.send_code_mail``.
* receipt: title, bureau, what, received_at | state (held, published, confidential), closes_at,
  response_due.
* decision: what, verdict (publish, withhold), decided_at | title, bureau, rule (texts),
  sentence (quote).
* reply: title, bureau | official (code, "yes" for the bureau's own), by (words).
* opened: title, bureau, closes_at | response_due.
* extended: title, bureau, closes_at, reason (texts) | closed_before (the old close), response_due.
* outcome: title, bureau | late_days (number), summary (texts).
* staff-waiting: count (number) | oldest_at, closing_today (number).
* approval-wanted: title, noun (texts: what the thing is called, "consultation"), bureau, author
  (words), opens_at, closes_at | summary (texts), response_due, note (quote), gate (code, "yes" for
  the central gate), change (code, "yes" when it is public already), questions and minutes (how
  many are asked and how long they take).
* approved: title, noun, bureau, by (words) | opens_at (when that is still to come), note (quote).
* sent-back: title, noun, bureau, by (words), note (quote).
* invitation: role (code), expires_at | by (words), bureau.
* follow-confirm: title and bureau, or bureau alone.
* address-code: code (words), minutes (number). Never a row, like sign-in-code.
* password-changed: at | first (code, "yes" when there was none before).
* email-changed: at, side (code: "old" or "new", the address it is told to).
* account-closed: at.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Because, Kind, Param, register

_ABOUT = {"title": Param.TEXTS, "bureau": Param.TEXTS}
_OFFICE = {**_ABOUT, "noun": Param.TEXTS}

KINDS = (
    Kind(
        name="sign-in-code",
        because=Because.CODE,
        action=_("Sign in"),
        params={"code": Param.WORDS, "minutes": Param.NUMBER},
        essential=lambda params: True,
        stored=False,
    ),
    Kind(
        name="receipt",
        action=_("Open your receipt"),
        params={**_ABOUT, "what": Param.CODE, "received_at": Param.MOMENT},
        # ``closes_at``: until when it can be changed; ``ends_at``: the close of all, if later.
        optional={
            "state": Param.CODE,
            "closes_at": Param.DEADLINE,
            "ends_at": Param.DEADLINE,
            "always": Param.CODE,
            "response_due": Param.DAY,
        },
    ),
    Kind(
        name="decision",
        action=_("See the decision"),
        params={"what": Param.CODE, "verdict": Param.CODE, "decided_at": Param.MOMENT},
        optional={**_ABOUT, "rule": Param.TEXTS, "sentence": Param.QUOTE},
        # The reasons for withholding somebody's words, and the way to object, always arrive.
        essential=lambda params: params.get("verdict") == "withhold",
    ),
    Kind(
        name="reply",
        action=_("Read the reply"),
        params=_ABOUT,
        optional={"official": Param.CODE, "by": Param.WORDS},
    ),
    Kind(
        name="opened",
        action=_("Read it and take part"),
        params={**_ABOUT, "closes_at": Param.DEADLINE},
        optional={"response_due": Param.DAY},
    ),
    Kind(
        name="extended",
        action=_("Read it and take part"),
        params={**_ABOUT, "closes_at": Param.DEADLINE, "reason": Param.QUOTES},
        optional={"closed_before": Param.DEADLINE, "response_due": Param.DAY},
    ),
    Kind(
        name="outcome",
        action=_("Read the outcome"),
        params=_ABOUT,
        optional={"late_days": Param.NUMBER, "summary": Param.QUOTES},
    ),
    Kind(
        name="staff-waiting",
        because=Because.ROLE,
        action=_("Open the list"),
        params={"count": Param.NUMBER},
        optional={"oldest_at": Param.MOMENT, "closing_today": Param.NUMBER},
    ),
    Kind(
        name="approval-wanted",
        because=Because.ROLE,
        action=_("Look at it and decide"),
        params={
            **_OFFICE,
            "author": Param.WORDS,
            "opens_at": Param.MOMENT,
            "closes_at": Param.DEADLINE,
        },
        optional={
            "summary": Param.QUOTES,
            "response_due": Param.DAY,
            "note": Param.QUOTE,
            "gate": Param.CODE,
            "change": Param.CODE,
            "questions": Param.NUMBER,
            "minutes": Param.NUMBER,
        },
    ),
    Kind(
        name="approved",
        because=Because.ROLE,
        action=_("See it on your desk"),
        params={**_OFFICE, "by": Param.WORDS},
        optional={"opens_at": Param.MOMENT, "note": Param.QUOTE},
    ),
    Kind(
        name="sent-back",
        because=Because.ROLE,
        action=_("Go on with the draft"),
        params={**_OFFICE, "by": Param.WORDS, "note": Param.QUOTE},
    ),
    Kind(
        name="invitation",
        because=Because.INVITED,
        action=_("Accept the invitation"),
        params={"role": Param.CODE, "expires_at": Param.MOMENT},
        optional={"by": Param.WORDS, "bureau": Param.TEXTS},
        essential=lambda params: True,
        secret_path=True,
    ),
    Kind(
        name="follow-confirm",
        because=Because.FOLLOW_ASKED,
        action=_("Yes, send me these mails"),
        params={"bureau": Param.TEXTS},
        optional={"title": Param.TEXTS},
        essential=lambda params: True,
        secret_path=True,
    ),
    Kind(
        name="address-code",
        because=Because.NEW_ADDRESS,
        action=_("Confirm the address"),
        params={"code": Param.WORDS, "minutes": Param.NUMBER},
        essential=lambda params: True,
        stored=False,
    ),
    # What somebody with a stolen session would rather keep quiet: always by mail.
    Kind(
        name="password-changed",
        because=Because.ACCOUNT,
        action=_("Go to my account"),
        params={"at": Param.MOMENT},
        optional={"first": Param.CODE},
        essential=lambda params: True,
    ),
    Kind(
        name="email-changed",
        because=Because.ACCOUNT,
        action=_("Go to my account"),
        params={"at": Param.MOMENT, "side": Param.CODE},
        essential=lambda params: True,
    ),
    Kind(
        name="account-closed",
        because=Because.ACCOUNT,
        action=_("Go to the home page"),
        params={"at": Param.MOMENT},
        essential=lambda params: True,
    ),
)


def register_standard_kinds() -> None:
    """Make the kinds above known."""
    for kind in KINDS:
        register(kind)
