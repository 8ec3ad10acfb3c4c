"""Limits (abuse catalogue A2 to A5, I9)."""

import datetime as dt
import threading

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import RequestFactory

from core import clock, limits
from core.exceptions import TooMany

NOON = dt.datetime(2026, 12, 31, 4, 0, tzinfo=dt.UTC)
NEEDED = {
    "sign_in_code_request",
    "sign_in_code_try",
    "password_try",
    "comment",
    "comment_edit",
    "support",
    "vote",
    "propose_statement",
    "report",
    "follow",
    "follow_confirm",
    "invitation",
    "receipt_lookup",
    "search",
}


@pytest.fixture(autouse=True)
def table(settings):
    settings.KAIFONG_LIMITS = {"act": ((3, 60), (5, 3600)), "code": ((2, 60),)}
    settings.KAIFONG_STRICT_LIMITS = ("code",)


def spend(times, *keys, name="act"):
    for _number in range(times):
        limits.spend(name, *keys)


def test_every_action_named_in_the_design_has_its_limit():
    from config.limits import KAIFONG_LIMITS, KAIFONG_STRICT_LIMITS

    assert set(KAIFONG_LIMITS) >= NEEDED
    assert set(KAIFONG_STRICT_LIMITS) <= set(KAIFONG_LIMITS)
    for name, windows in KAIFONG_LIMITS.items():
        assert windows, name
        assert all(count > 0 and seconds > 0 for count, seconds in windows), name


def test_a_window_is_spent_says_when_and_opens_again():
    with clock.freeze(NOON + dt.timedelta(seconds=20)):
        spend(3, "a")
        with pytest.raises(TooMany) as refusal:
            limits.spend("act", "a")
        assert refusal.value.status == 429
        assert refusal.value.retry_after == 41
        assert refusal.value.data == {"limit": "act", "retry_after": 41}
        limits.spend("act", "b")
        with clock.travel(dt.timedelta(seconds=41)):
            limits.spend("act", "a")


def test_the_longer_window_holds_too():
    with clock.freeze(NOON):
        spend(3, "a")
        with clock.travel(dt.timedelta(minutes=1)):
            spend(2, "a")
            with pytest.raises(TooMany) as refusal:
                limits.spend("act", "a")
            assert refusal.value.retry_after > 3000


def test_each_key_is_counted_alone_and_empty_keys_are_left_out():
    with clock.freeze(NOON):
        spend(3, None, "", "x")
        spend(3, 7)
        spend(3, "7")
        with pytest.raises(TooMany):
            limits.spend("act", "new", "x")


def test_an_action_without_a_limit_is_a_mistake():
    with pytest.raises(limits.UnknownLimit):
        limits.spend("nothing", "a")


def test_the_store_holds_no_address():
    with clock.freeze(NOON):
        limits.spend("act", "somebody@example.hk")
    assert not any("somebody" in key for key in cache._cache)


def test_parallel_attempts_share_one_count():
    passed, refused = [], []
    barrier = threading.Barrier(10)

    def attempt():
        barrier.wait()
        try:
            limits.spend("act", "racer")
            passed.append(1)
        except TooMany:
            refused.append(1)

    with clock.freeze(NOON):
        threads = [threading.Thread(target=attempt) for _number in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (len(passed), len(refused)) == (3, 7)


def test_a_store_that_is_down_leaves_votes_open_and_closes_codes(settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    with clock.freeze(NOON):
        spend(20, "a")
        with pytest.raises(TooMany) as refusal:
            limits.spend("code", "a")
        assert refusal.value.code == "limit_store_down"
        limits.spend("code", "a", strict=False)
        with pytest.raises(TooMany):
            limits.spend("act", "a", strict=True)


# --- addresses ----------------------------------------------------------------------------------


def address(hops=0, remote="203.0.113.9", **headers):
    settings.TRUSTED_PROXY_HOPS = hops
    try:
        return limits.address(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))
    finally:
        settings.TRUSTED_PROXY_HOPS = 0


def test_headers_anybody_can_send_are_not_believed():
    for header in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"):
        assert address(**{header: "1.2.3.4"}) == "address:203.0.113.9"


@pytest.mark.parametrize(
    ("hops", "forwarded", "found"),
    [
        (1, "1.1.1.1, 198.51.100.7", "address:198.51.100.7"),
        (2, "1.1.1.1, 198.51.100.7, 10.0.0.1", "address:198.51.100.7"),
        (2, "198.51.100.7", "address:203.0.113.9"),
        (1, "not an address", "address:203.0.113.9"),
        (1, "198.51.100.7:4711", "address:198.51.100.7"),
        (1, "[2001:db8::1]:4711", "address:2001:db8::/64"),
        (1, "", "address:203.0.113.9"),
    ],
)
def test_only_our_own_hops_are_counted_from_the_right(hops, forwarded, found):
    assert address(hops, HTTP_X_FORWARDED_FOR=forwarded) == found


def test_ipv6_is_keyed_by_its_network_and_mapped_ipv4_is_ipv4():
    one = address(remote="2001:db8:1:2:3:4:5:6")
    assert one == address(remote="2001:db8:1:2:ffff::1") == "address:2001:db8:1:2::/64"
    assert one != address(remote="2001:db8:1:3::1")
    assert address(remote="::ffff:198.51.100.7") == "address:198.51.100.7"
    assert address(remote="fe80::1%eth0") == "address:fe80::/64"
    assert address(remote="") == "address:unknown"
