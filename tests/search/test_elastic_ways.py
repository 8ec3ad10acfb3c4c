"""What lies between: slow servers, TLS, accounts. Nobody waits, and nothing is sent in the open."""

from __future__ import annotations

import base64
import time
from pathlib import Path

import pytest
from django.test import Client

from search import elastic_live, punctual
from search.breaker import breaker
from search.elastic import ElasticsearchFailed
from search.feeding import differences
from tests.search.live_index import look, names
from tests.search.way import way_to

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.elasticsearch,
    pytest.mark.usefixtures("elasticsearch", "filled"),
]
#: Seconds in which a page is there, whatever the server does.
ANSWERED = 2.0


def named(settings, **more: str) -> None:
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, **more}
    elastic_live._looked_at.clear()
    breaker.answered()


def seconds_of(path: str) -> float:
    begun = time.monotonic()
    assert Client().get(path).status_code == 200
    return time.monotonic() - begun


class TestSlowServers:
    @pytest.mark.parametrize("mode", ["silent", "dripping"])
    def test_the_page_comes_from_the_reserve_in_time_and_the_next_at_once(
        self, built, settings, mode
    ):
        before = names(look("垃圾收費"))
        assert before
        Client().get("/en/search/?q=consultation")
        with way_to(settings.ELASTICSEARCH["URL"]) as way:
            named(settings, URL=way.url())
            assert names(look("垃圾收費")) == before
            assert way.asked
            way.mode = mode
            elastic_live._looked_at.clear()
            assert seconds_of("/en/search/?q=consultation") < ANSWERED
            asked = way.asked
            found = look("垃圾收費")
            assert found.reserve
            assert names(found) == before
            assert way.asked == asked
            # Nobody is left waiting, and the way is free when it is fast again.
            assert all(one.is_done for _end, _number, one in punctual._watch._waiting)
            way.mode = "through"
            breaker.answered()
            found = look("垃圾收費")
            assert not found.reserve
            assert names(found) == before


class TestAGuardedServer:
    ACCOUNT = "kaifong:a%20lantern"
    BASIC = "Basic " + base64.b64encode(b"kaifong:a lantern").decode()

    @pytest.mark.parametrize("how", ["password", "key"])
    def test_who_asks_proves_it_over_a_line_that_is_proven(self, built, settings, tmp_path, how):
        certificate = tmp_path / "authority.pem"
        with way_to(settings.ELASTICSEARCH["URL"], certificate=certificate) as way:
            if how == "password":
                way.authorization = self.BASIC
                named(settings, URL=way.url("https", f"{self.ACCOUNT}@"))
            else:
                way.authorization = "ApiKey c2VhcmNo"
                named(settings, URL=way.url("https"), API_KEY="c2VhcmNo")
            settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "CERTIFICATE": str(certificate)}
            found = look("垃圾收費")
            assert found.hits
            assert not found.reserve
            assert differences() == []
            # Somebody else's key is refused, in a sentence without it.
            way.authorization = "Basic another"
            with pytest.raises(ElasticsearchFailed, match="401") as refused:
                differences()
            assert "lantern" not in str(refused.value)
            assert "c2VhcmNo" not in str(refused.value)
            assert look("垃圾收費").reserve

    def test_nothing_is_sent_to_a_server_that_cannot_be_trusted(self, built, settings, tmp_path):
        certificate: Path = tmp_path / "its.pem"
        with (
            way_to(settings.ELASTICSEARCH["URL"], certificate=certificate) as way,
            way_to(settings.ELASTICSEARCH["URL"], certificate=tmp_path / "other.pem"),
        ):
            # An authority that did not sign it, and none named at all.
            for trusted in (str(tmp_path / "other.pem"), ""):
                named(settings, URL=way.url("https", f"{self.ACCOUNT}@"), CERTIFICATE=trusted)
                with pytest.raises(ElasticsearchFailed, match="does not answer"):
                    differences()
                assert look("垃圾收費").reserve
            assert way.asked == 0

    def test_a_certificate_that_is_not_there_is_a_sentence(self, built, settings, tmp_path):
        named(settings, URL="https://127.0.0.1:1", CERTIFICATE=str(tmp_path / "absent.pem"))
        with pytest.raises(ElasticsearchFailed, match="ELASTICSEARCH_CERTIFICATE"):
            differences()
        assert look("垃圾收費").reserve
