"""Signing in, the own account, and administrators' page."""

from __future__ import annotations

from typing import Any

from django.core import mail

from accounts import policies
from accounts.actions import invite, request_email_change, suspend_account
from accounts.actions.signin import request_code
from accounts.models import Account, EmailCode, Invitation, Level, Role
from core import clock
from tests.factories.accounts import PASSWORD, make_account
from tests.permissions.rows import ROLES, Row, everyone, only, signed_in
from tests.permissions.world import World

NEW = "new@table.example"
ADMIN = frozenset({"administrator"})
INSIDE = frozenset(ROLES) - {"anonymous", "suspended"}


def _fresh(world: World, role: str, client: Any, by: str = "code") -> None:
    """Make the session look as if it had begun with a code just now."""
    session = client.session
    session["signed_in_at"], session["signed_in_by"] = clock.now().timestamp(), by
    session.save()


# --- signing in ---------------------------------------------------------------------------------


def _code_asked(world: World, role: str, done: bool) -> None:
    assert EmailCode.objects.filter(email_canonical=NEW).count() == 1
    assert not Account.objects.filter(email_canonical=NEW).exists()


def _begun(world: World, role: str, client: Any) -> None:
    row = request_code(email=NEW, network="address:192.0.2.9", language="en")
    text = mail.outbox[-1].body
    world.things["code"] = "".join(
        word for word in text.replace("\u00a0", " ").split() if word.isdigit()
    )[:6]
    session = client.session
    session["sign_in"] = {"handle": row.handle, "email": NEW, "next": ""}
    session.save()


def _signed_in_by_code(world: World, role: str, done: bool) -> None:
    account = Account.objects.get(email_canonical=NEW)
    assert account.person.level == Level.EMAIL
    assert not account.is_staff


def _two_codes(world: World, role: str, done: bool) -> None:
    assert EmailCode.objects.filter(email_canonical=NEW).count() == 2


def _has_password(world: World, role: str, client: Any) -> None:
    account = make_account(NEW, password=PASSWORD)
    world.things["before"] = account.last_login


def _signed_in_by_password(world: World, role: str, done: bool) -> None:
    assert Account.objects.get(email_canonical=NEW).last_login is not None


def _everybody_is_still_there(world: World, role: str, done: bool) -> None:
    assert Account.objects.filter(email__endswith="@table.example").count() == len(ROLES) - 1


SIGNING_IN = [
    Row("accounts:sign_in", "GET", everyone(200)),
    Row(
        "accounts:sign_in",
        "POST",
        everyone(302),
        data=lambda world, role: {"email": NEW},
        check=_code_asked,
    ),
    Row("accounts:sign_in_code", "GET", everyone(200), prepare=_begun),
    Row(
        "accounts:sign_in_code",
        "POST",
        everyone(302),
        prepare=_begun,
        data=lambda world, role: {"code": world.things["code"]},
        check=_signed_in_by_code,
    ),
    Row("accounts:send_again", "POST", everyone(302), prepare=_begun, check=_two_codes),
    Row("accounts:sign_in_password", "GET", everyone(200)),
    Row(
        "accounts:sign_in_password",
        "POST",
        everyone(302),
        prepare=_has_password,
        data=lambda world, role: {"email": NEW, "password": PASSWORD},
        check=_signed_in_by_password,
    ),
    Row("accounts:sign_out", "POST", everyone(302), check=_everybody_is_still_there),
]


# --- the own account ------------------------------------------------------------------------------


def _named(world: World, role: str, done: bool) -> None:
    names = set(Account.objects.exclude(display_name="").values_list("pk", flat=True))
    assert names == ({world.accounts[role].pk} if done else set())


def _settings_saved(world: World, role: str, done: bool) -> None:
    changed = set(Account.objects.filter(language="zh-hans").values_list("pk", flat=True))
    assert changed == ({world.accounts[role].pk} if done else set())


def _password_saved(world: World, role: str, done: bool) -> None:
    changed = {account.pk for account in Account.objects.all() if account.has_usable_password()}
    assert changed == ({world.accounts[role].pk} if done else set())


def _change_asked(world: World, role: str, done: bool) -> None:
    rows = EmailCode.objects.filter(purpose="email-change", email_canonical=NEW)
    assert rows.count() == int(done)
    assert not Account.objects.filter(email_canonical=NEW).exists()


def _change_begun(world: World, role: str, client: Any) -> None:
    """A change begun in this very session, for who has one."""
    world.things["code"] = "123456"
    if role not in INSIDE:
        return
    account = world.accounts[role]
    row = request_email_change(
        account=account, email=NEW, network="address:192.0.2.9", language="en"
    )
    text = mail.outbox[-1].body
    world.things["code"] = "".join(word for word in text.split() if word.isdigit())[:6]
    session = client.session
    session["email_change"] = {"account": account.public_id, "handle": row.handle, "email": NEW}
    session.save()


def _address_changed(world: World, role: str, done: bool) -> None:
    changed = set(Account.objects.filter(email=NEW).values_list("pk", flat=True))
    assert changed == ({world.accounts[role].pk} if done else set())


def _invitation(world: World, role: str) -> dict[str, Any]:
    """An invitation of the citizen to be moderator."""
    if "token" not in world.things:
        invite(
            email="citizen@table.example", role=Role.MODERATOR, by=world.account("administrator")
        )
        from notifications.models import Notice

        world.things["token"] = Notice.objects.get(kind="invitation").path.strip("/").split("/")[-1]
    return {"token": world.things["token"]}


def _accepted(world: World, role: str, done: bool) -> None:
    row = Invitation.objects.get()
    assert (row.accepted_by_id == world.accounts["citizen"].pk) is done
    assert policies.has_role(world.account("citizen"), Role.MODERATOR) is done
    assert policies.accounts_with(Role.MODERATOR).count() == (2 if done else 1)


def _closed(world: World, role: str, done: bool) -> None:
    gone = not Account.objects.filter(email=f"{role}@table.example").exists()
    if role not in {"anonymous", "administrator"}:
        assert gone is done
    assert Account.objects.count() == len(ROLES) - 1 - done


OWN = [
    Row("accounts:my_page", "GET", signed_in(200)),
    Row("accounts:display_name", "GET", signed_in(200)),
    Row(
        "accounts:display_name",
        "POST",
        signed_in(302, nobody=401),
        data=lambda world, role: {"name": "Wai Man"},
        check=_named,
    ),
    Row("accounts:settings", "GET", signed_in(200)),
    Row(
        "accounts:settings",
        "POST",
        signed_in(302, nobody=401),
        data=lambda world, role: {"language": "zh-hans", "mail_notices": "on"},
        check=_settings_saved,
    ),
    Row("accounts:password", "GET", signed_in(200), prepare=_fresh),
    Row("accounts:password", "GET", signed_in(403), label="long after signing in"),
    Row(
        "accounts:password",
        "POST",
        signed_in(302, nobody=401),
        prepare=_fresh,
        data=lambda world, role: {"password": "harbour tram banyan"},
        check=_password_saved,
    ),
    Row(
        "accounts:password",
        "POST",
        signed_in(403, nobody=401),
        data=lambda world, role: {"password": "harbour tram banyan"},
        check=_password_saved,
        label="long after signing in",
    ),
    Row("accounts:email", "GET", signed_in(200), prepare=_fresh),
    Row("accounts:email", "GET", signed_in(403), label="long after signing in"),
    Row(
        "accounts:email",
        "POST",
        signed_in(302, nobody=401),
        prepare=_fresh,
        data=lambda world, role: {"email": NEW, "account": world.accounts["citizen"].public_id},
        check=_change_asked,
    ),
    Row(
        "accounts:email",
        "POST",
        signed_in(403, nobody=401),
        data=lambda world, role: {"email": NEW},
        check=_change_asked,
        label="long after signing in",
    ),
    Row("accounts:email_code", "GET", signed_in(200), prepare=_change_begun),
    Row("accounts:email_code", "GET", signed_in(302), label="nothing begun"),
    Row(
        "accounts:email_code",
        "POST",
        signed_in(302, nobody=401),
        prepare=_change_begun,
        data=lambda world, role: {"code": world.things["code"]},
        check=_address_changed,
    ),
    Row("accounts:invitation", "GET", everyone(200), kwargs=_invitation),
    Row(
        "accounts:invitation",
        "POST",
        only("citizen", status=302, others=403, nobody=401),
        kwargs=_invitation,
        check=_accepted,
    ),
    Row("accounts:own_data", "GET", signed_in(200)),
    Row("accounts:own_data_file", "GET", signed_in(200)),
    Row("accounts:close", "GET", signed_in(200), prepare=_fresh),
    Row(
        "accounts:close",
        "POST",
        {"*": 409, "anonymous": 401, "suspended": 401, "citizen": 302, "citizen2": 302},
        prepare=_fresh,
        data=lambda world, role: {"sure": "on"},
        check=_closed,
    ),
    Row(
        "accounts:close",
        "POST",
        signed_in(403, nobody=401),
        data=lambda world, role: {"sure": "on"},
        check=_closed,
        label="long after signing in",
    ),
    Row("accounts:closed", "GET", everyone(200)),
]


# --- administrators -------------------------------------------------------------------------------


def _citizen(world: World, role: str) -> dict[str, Any]:
    return {"public_id": world.accounts["citizen"].public_id}


def _invited(world: World, role: str, done: bool) -> None:
    assert Invitation.objects.filter(email_canonical=NEW).count() == int(done)


def _waiting(world: World, role: str) -> dict[str, Any]:
    row = invite(email=NEW, role=Role.JUROR, by=world.account("administrator"))
    return {"public_id": row.public_id}


def _taken_back(world: World, role: str, done: bool) -> None:
    assert (Invitation.objects.get().revoked_at is not None) is done


def _verified(world: World, role: str, done: bool) -> None:
    level = world.account("citizen").person.level
    assert level == (Level.VERIFIED if done else Level.EMAIL)


def _is_officer(world: World, role: str, done: bool) -> None:
    assert policies.has_role(world.account("citizen"), Role.OFFICER, world.lcsd) is done
    assert not policies.has_role(world.account("citizen"), Role.OFFICER, world.epd)


def _officer(world: World, role: str) -> dict[str, Any]:
    return {"public_id": world.accounts["officer"].public_id}


def _role_ended(world: World, role: str, done: bool) -> None:
    assert policies.has_role(world.account("officer"), Role.OFFICER, world.epd) is not done
    assert policies.has_role(world.account("officer2"), Role.OFFICER, world.lcsd)


def _suspended(world: World, role: str, done: bool) -> None:
    assert world.account("citizen").is_active is not done


def _close_citizen(world: World, role: str, client: Any) -> None:
    if role != "citizen":
        suspend_account(account=world.account("citizen"), by="system")


def _reinstated(world: World, role: str, done: bool) -> None:
    if role != "citizen":
        assert world.account("citizen").is_active is done


def _find_check(world: World, role: str, done: bool) -> None:
    _everybody_is_still_there(world, role, done)


_WRITE = only("administrator", status=302, nobody=401)
#: Where the address names somebody, it is absent for all others.
_SEEN = only("administrator", others=404)
_CHANGED = only("administrator", status=302, others=404, nobody=401)

PEOPLE = [
    Row("accounts:people", "GET", only("administrator")),
    Row(
        "accounts:people",
        "POST",
        _WRITE,
        data=lambda world, role: {"email": "citizen@table.example"},
        check=_find_check,
    ),
    Row("accounts:invite", "GET", only("administrator")),
    Row(
        "accounts:invite",
        "POST",
        _WRITE,
        data=lambda world, role: {"email": NEW, "role": "officer", "bureau": "lcsd"},
        check=_invited,
    ),
    Row(
        "accounts:take_back_invitation",
        "POST",
        _CHANGED,
        kwargs=_waiting,
        check=_taken_back,
    ),
    Row("accounts:person", "GET", _SEEN, kwargs=_citizen),
    Row("accounts:verify", "GET", _SEEN, kwargs=_citizen),
    Row(
        "accounts:verify",
        "POST",
        _CHANGED,
        kwargs=_citizen,
        data=lambda world, role: {"subject": "A123456(7)", "level": "3"},
        check=_verified,
    ),
    Row("accounts:give_role", "GET", _SEEN, kwargs=_citizen),
    Row(
        "accounts:give_role",
        "POST",
        _CHANGED,
        kwargs=_citizen,
        data=lambda world, role: {"role": "officer", "bureau": "lcsd"},
        check=_is_officer,
    ),
    Row(
        "accounts:end_role",
        "POST",
        _CHANGED,
        kwargs=_officer,
        data=lambda world, role: {"role": "officer", "bureau": "epd"},
        check=_role_ended,
    ),
    Row("accounts:suspend", "POST", _CHANGED, kwargs=_citizen, check=_suspended),
    Row(
        "accounts:reinstate",
        "POST",
        _CHANGED,
        kwargs=_citizen,
        prepare=_close_citizen,
        check=_reinstated,
    ),
]

ROWS = [*SIGNING_IN, *OWN, *PEOPLE]
