"""Taking part: reading is everybody's, writing is a person's, own entries are their author's."""

from __future__ import annotations

from typing import Any

from participation.actions.follows import follow_engagement
from participation.actions.pending import hold_act
from participation.models import (
    Comment,
    Contribution,
    ContributionVersion,
    Engagement,
    Follow,
    PendingAct,
    Support,
)
from tests.factories.engagements import make_engagement
from tests.factories.participation import make_public_comment
from tests.permissions.rows import ROLES, Row, everyone, only, signed_in
from tests.permissions.world import World

NOBODY = frozenset({"anonymous", "suspended"})
INSIDE = frozenset(ROLES) - NOBODY
CITIZEN = frozenset({"citizen"})
BUREAU = frozenset({"officer", "approver"})


def _engagement(world: World) -> Engagement:
    if "engagement" not in world.things:
        world.things["engagement"] = make_engagement(bureau=world.epd, moderation_policy="after")
    found: Engagement = world.things["engagement"]
    return found


def here(world: World, role: str) -> dict[str, Any]:
    """The address of the open engagement of EPD."""
    return {"public_id": _engagement(world).public_id}


def _comment(world: World) -> Comment:
    if "comment" not in world.things:
        author = world.account("citizen")
        how = {} if author.display_name else {"display_name": "Table Citizen"}
        world.things["comment"] = make_public_comment(
            _engagement(world), "Said by the citizen.", account=author, **how
        )
    found: Comment = world.things["comment"]
    return found


def citizens(world: World, role: str) -> dict[str, Any]:
    """The address of a public comment of the citizen."""
    return {"public_id": _comment(world).contribution.public_id}


def _typed(world: World, role: str) -> dict[str, Any]:
    return {"text": f"Said by {role}.", "publish_choice": "confidential", "key": "k"}


def _said(world: World, role: str, done: bool) -> None:
    entries = list(Contribution.objects.all())
    assert len(entries) == done
    if done:
        assert entries[0].person == world.account(role).person
    else:
        assert PendingAct.objects.filter(contribution=None).count() == 1


def _held(world: World, role: str, client: Any) -> None:
    engagement = _engagement(world)
    act = hold_act(
        engagement=engagement,
        kind="comment",
        payload={"text": "Held.", "publish_choice": "confidential", "on": "whole", "to": ""},
        language="en",
        source="address:192.0.2.3",
    )
    session = client.session
    session["held_acts"] = {f"comment:{engagement.public_id}": act.token}
    session.save()


def _agreed(world: World, role: str, done: bool) -> None:
    assert [row.person for row in Support.objects.all()] == (
        [world.account(role).person] if done else []
    )


def _edited(world: World, role: str, done: bool) -> None:
    entry = Contribution.objects.get(pk=_comment(world).pk)
    assert (entry.text == "Said differently.") is done
    assert ContributionVersion.objects.filter(contribution=entry).count() == 1 + done


def _withdrawn(world: World, role: str, done: bool) -> None:
    entry = Contribution.objects.get(pk=_comment(world).pk)
    assert entry.state == ("withdrawn" if done else "published")


def _replied(world: World, role: str, done: bool) -> None:
    assert Comment.objects.filter(official=True, bureau=world.epd).count() == done


def _reader(world: World, role: str) -> dict[str, Any]:
    return {"email": "reader@table.example"} if role in NOBODY else {"follow": "1"}


def _follows(world: World, role: str, done: bool) -> None:
    row = Follow.objects.get()
    if role in NOBODY:
        assert (row.account, row.confirmed_at) == (None, None)
    else:
        assert row.account == world.account(role)


def _follow(world: World, role: str) -> dict[str, Any]:
    if "follow" not in world.things:
        world.things["follow"] = follow_engagement(
            engagement=_engagement(world), email="reader@table.example", source="address:192.0.2.3"
        )
    return {"token": world.things["follow"].token}


def _confirmed(world: World, role: str, done: bool) -> None:
    assert (Follow.objects.get().confirmed_at is not None) is done


def _stopped(world: World, role: str, done: bool) -> None:
    assert (Follow.objects.get().ended_at is not None) is done


def _code(world: World, role: str) -> dict[str, Any]:
    return {"code": _comment(world).contribution.receipt.code}


def _nothing_new(world: World, role: str, done: bool) -> None:
    assert Contribution.objects.count() == 1


OWN = {"*": 404, "citizen": 200, "anonymous": 302, "suspended": 302}
FOLLOWING = {"*": 302, "anonymous": 200, "suspended": 200}

ROWS = [
    Row("participation:engagement", "GET", everyone(302), kwargs=here),
    Row("participation:comments", "GET", everyone(200), kwargs=here),
    Row("participation:live", "GET", everyone(200), kwargs=here),
    Row("participation:state", "GET", everyone(200), kwargs=here),
    Row("participation:comment", "GET", everyone(200), kwargs=here),
    Row(
        "participation:comment",
        "POST",
        everyone(302),
        kwargs=here,
        data=_typed,
        check=_said,
        done=INSIDE,
    ),
    Row("participation:comment-check", "GET", signed_in(200), kwargs=here, prepare=_held),
    Row(
        "participation:comment-check",
        "POST",
        signed_in(302),
        kwargs=here,
        prepare=_held,
        check=_said,
        done=INSIDE,
    ),
    Row("participation:support", "GET", everyone(200), kwargs=citizens),
    Row(
        "participation:support",
        "POST",
        {"*": 302, "citizen": 403},
        kwargs=citizens,
        data=lambda world, role: {"agree": "1"},
        check=_agreed,
        done=INSIDE - CITIZEN,
    ),
    Row("participation:edit", "GET", OWN, kwargs=citizens),
    Row(
        "participation:edit",
        "POST",
        {"*": 404, "citizen": 302, "anonymous": 401, "suspended": 401},
        kwargs=citizens,
        data=lambda world, role: {"text": "Said differently.", "version": "1"},
        check=_edited,
        done=CITIZEN,
    ),
    Row("participation:withdraw", "GET", OWN, kwargs=citizens),
    Row(
        "participation:withdraw",
        "POST",
        {"*": 404, "citizen": 302, "anonymous": 302, "suspended": 302},
        kwargs=citizens,
        check=_withdrawn,
        done=CITIZEN,
    ),
    Row("participation:versions", "GET", OWN, kwargs=citizens),
    Row("participation:report", "GET", everyone(302), kwargs=citizens),
    Row("participation:reply", "GET", only("officer", "approver", others=404), kwargs=citizens),
    Row(
        "participation:reply",
        "POST",
        only("officer", "approver", status=302, others=404),
        kwargs=citizens,
        data=lambda world, role: {"text": "Noted.", "key": "k"},
        check=_replied,
        done=BUREAU,
    ),
    Row("participation:receipts", "GET", everyone(200)),
    Row("participation:receipts", "POST", everyone(302), data=_code, check=_nothing_new),
    Row("participation:receipt", "GET", everyone(200), kwargs=_code),
    Row("participation:follow", "GET", everyone(200), kwargs=here),
    Row(
        "participation:follow",
        "POST",
        FOLLOWING,
        kwargs=here,
        data=_reader,
        check=_follows,
    ),
    Row("participation:follow-bureau", "GET", everyone(200), kwargs=lambda w, r: {"slug": "epd"}),
    Row(
        "participation:follow-bureau",
        "POST",
        FOLLOWING,
        kwargs=lambda w, r: {"slug": "epd"},
        data=_reader,
        check=_follows,
    ),
    Row("participation:follow-confirm", "GET", everyone(200), kwargs=_follow),
    Row("participation:follow-confirm", "POST", everyone(302), kwargs=_follow, check=_confirmed),
    Row("participation:follow-stop", "GET", everyone(200), kwargs=_follow),
    Row("participation:follow-stop", "POST", everyone(302), kwargs=_follow, check=_stopped),
]
