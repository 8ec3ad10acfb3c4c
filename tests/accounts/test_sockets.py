"""An open socket ends with its session, and when its account loses a right (A9, A20, W5)."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from accounts.actions import (
    close_account,
    end_expired_roles,
    grant_role,
    reinstate_account,
    revoke_role,
    set_password,
    suspend_account,
)
from accounts.models import Account
from config.routing import websocket_application
from core import clock
from participation import socket_seats
from participation.models import Engagement
from tests.factories.accounts import make_account
from tests.factories.engagements import make_engagement

pytestmark = pytest.mark.django_db(transaction=True)
SOURCE = "address:192.0.2.7"
BACKEND = "accounts.backends.AccountBackend"
SIGNED_OUT = 4401


@pytest.fixture(autouse=True)
def _nobody_connected() -> Iterator[None]:
    cache.clear()
    yield
    assert not socket_seats.taken(SOURCE), "A socket that has gone is still counted."


@pytest.fixture
def engagement() -> Engagement:
    return make_engagement()


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def socket(engagement: Engagement, client: Client | None = None) -> WebsocketCommunicator:
    headers = []
    if client is not None:
        name = settings.SESSION_COOKIE_NAME
        cookie = f"kaifong_language=en; {name}={client.cookies[name].value}"
        headers = [(b"cookie", cookie.encode())]
    path = f"/ws/e/{engagement.public_id}/"
    communicator = WebsocketCommunicator(websocket_application(), path, headers=headers)
    communicator.scope["client"] = ("192.0.2.7", 5000)
    return communicator


def ended_by(
    act: Callable[[], Any], engagement: Engagement, clients: list[Client | None]
) -> list[bool]:
    """Which of the open sockets of these browsers the act closes."""

    async def work() -> list[bool]:
        sockets = [socket(engagement, client) for client in clients]
        for one in sockets:
            assert (await one.connect())[0]
            assert "voters" in await one.receive_from()
        await database_sync_to_async(act)()
        ended = []
        for one in sockets:
            # Either the socket is closed at once, or it is still there and answers.
            if await one.receive_nothing(timeout=0.3):
                ended.append(False)
            else:
                said = await one.receive_output()
                assert (said["type"], said["code"]) == ("websocket.close", SIGNED_OUT)
                ended.append(True)
            await one.disconnect()
        return ended

    return asyncio.run(work())


def test_signing_out_closes_the_sockets_of_this_session_alone(engagement):
    account = make_account()
    here, there, other = browser(account), browser(account), browser(make_account())

    def sign_out() -> None:
        assert here.post("/en/account/sign-out/").status_code == 302

    assert ended_by(sign_out, engagement, [here, there, other, None]) == [True, False, False, False]


@pytest.mark.parametrize("act", ["close", "suspend", "password", "role", "role's end"])
def test_what_ends_a_right_closes_every_socket_of_the_account(engagement, act):
    account = make_account()
    if act.startswith("role"):
        grant_role(account=account, role="moderator", by="system")

    def run_out() -> None:
        grant = account.grants.get()
        grant.until = clock.now()
        grant.save()
        assert end_expired_roles() == 0

    acts: dict[str, Callable[[], Any]] = {
        "close": lambda: close_account(account=account),
        "suspend": lambda: suspend_account(account=account, by="system"),
        "password": lambda: set_password(
            account=account, password="harbour tram banyan", proven=True
        ),
        "role": lambda: revoke_role(account=account, role="moderator", by="system"),
        "role's end": run_out,
    }
    clients = [browser(account), browser(account), browser(make_account()), None]
    assert ended_by(acts[act], engagement, clients) == [True, True, False, False]


def test_an_act_that_is_taken_back_closes_nothing(engagement):
    account = make_account()

    def undone() -> None:
        with transaction.atomic():
            suspend_account(account=account, by="system")
            transaction.set_rollback(True)

    assert ended_by(undone, engagement, [browser(account)]) == [False]


def test_a_cookie_of_a_suspended_account_opens_no_socket(engagement):
    account = make_account()
    client = browser(account)
    suspend_account(account=account, by="system")

    async def connects(one: WebsocketCommunicator) -> tuple[bool, Any]:
        answer = await one.connect()
        await one.disconnect()
        return answer

    assert asyncio.run(connects(socket(engagement, client))) == (False, SIGNED_OUT)
    reinstate_account(account=account, by="system")
    assert asyncio.run(connects(socket(engagement, client)))[0]


@pytest.mark.parametrize("cookie", ["", "sessionid=", "sessionid=../x", "sessionid=" + "a" * 4000])
def test_a_strange_cookie_is_nobodys(engagement, cookie):
    async def connects() -> bool:
        path = f"/ws/e/{engagement.public_id}/"
        headers = [(b"cookie", cookie.encode())]
        one = WebsocketCommunicator(websocket_application(), path, headers=headers)
        answer = await one.connect()
        await one.disconnect()
        return answer[0]

    assert asyncio.run(connects())
