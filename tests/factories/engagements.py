"""Engagements for tests, published through the real action."""

import datetime as dt
from itertools import count
from typing import Any
from uuid import uuid4

from accounts.models import Account, Bureau, Role, RoleGrant
from core import clock
from participation.actions.engagement import Schedule, create_draft, publish_engagement
from participation.models import Engagement
from participation.models.engagement import DEFAULT_KIND

_numbers = count(1)


def make_bureau(code: str = "EPD", **fields: Any) -> Bureau:
    """The body of that code, made once."""
    bureau, _created = Bureau.objects.get_or_create(
        code=code,
        defaults={
            "slug": code.lower().replace("&", "and"),
            "name": {"en": f"Department {code}", "zh-hant": f"{code}署", "zh-hans": f"{code}署"},
            **fields,
        },
    )
    return bureau


def make_account(email: str = "", **fields: Any) -> Account:
    """A confirmed account with its person; a fresh address unless one is given."""
    return Account.objects.create_user(email or f"person{next(_numbers)}@example.com", **fields)


def grant(account: Account, role: Role, bureau: Bureau | None = None) -> RoleGrant:
    """A grant that began a year ago, so that tests may go back in time."""
    return RoleGrant.objects.create(
        account=account, role=role, bureau=bureau, since=clock.now() - dt.timedelta(days=365)
    )


def make_draft(
    bureau: Bureau | None = None, title: str = "Paper", *, kind: str = DEFAULT_KIND
) -> Engagement:
    """A draft that citizens cannot see."""
    return create_draft(
        kind=kind,
        owner=bureau or make_bureau(),
        translation_key=uuid4(),
        source_language="en",
        title={"en": title},
        by=None,
    )


def make_engagement(
    *,
    bureau: Bureau | None = None,
    title: str = "Paper",
    opens: dt.timedelta = dt.timedelta(days=-1),
    closes: dt.timedelta = dt.timedelta(days=30),
    kind: str = DEFAULT_KIND,
    **schedule: Any,
) -> Engagement:
    """A published engagement; ``opens`` and ``closes`` are relative to now."""
    now = clock.now()
    engagement = make_draft(bureau, title, kind=kind)
    return publish_engagement(
        engagement=engagement,
        schedule=Schedule(
            opens_at=now + opens,
            closes_at=now + closes,
            title={"en": title, "zh-hant": f"{title}文件", "zh-hans": f"{title}文件"},
            **schedule,
        ),
        by=None,
    )
