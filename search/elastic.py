"""The way to Elasticsearch: where the settings say it is, with what they say proves who asks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from elasticsearch import ApiError, Elasticsearch, TransportError

from search.punctual import PunctualNode

VARIABLE = "ELASTICSEARCH_URL"


class ElasticsearchFailed(Exception):
    """It is away, too slow, or refused what it was asked; the sentence says which."""


class NoIndex(ElasticsearchFailed):
    """There is none of ours on the server."""


class NotNamed(ElasticsearchFailed):
    """No server is named in the settings."""


def connect(*, seconds: float) -> Elasticsearch:
    """A client that waits so long for an answer and asks once. Raises ``ElasticsearchFailed``.

    Nothing is sent by this: whether a server is there is told by the first question.
    """
    named: dict[str, str] = settings.ELASTICSEARCH
    if not named["URL"]:
        raise NotNamed(f"No Elasticsearch is named in {VARIABLE}.")
    more: dict[str, Any] = {}
    if named["API_KEY"]:
        more["api_key"] = named["API_KEY"]
    if named["CERTIFICATE"]:
        # It is read when a line is made, and then whatever is wrong looks like a server away.
        if not os.access(named["CERTIFICATE"], os.R_OK):
            raise ElasticsearchFailed("ELASTICSEARCH_CERTIFICATE names no file that can be read.")
        more["ca_certs"] = named["CERTIFICATE"]
    try:
        return Elasticsearch(
            [each.strip() for each in named["URL"].split(",") if each.strip()],
            request_timeout=seconds,
            max_retries=0,
            node_class=PunctualNode,
            retry_on_timeout=False,
            **more,
        )
    except (ValueError, OSError) as wrong:
        # Not the address itself, which may hold a password.
        raise ElasticsearchFailed(
            f"{VARIABLE} or ELASTICSEARCH_CERTIFICATE cannot be used ({type(wrong).__name__}): "
            "an address is like https://user:password@host:9200."
        ) from None


@contextmanager
def answering() -> Iterator[None]:
    """Whatever the server or the way to it does wrong becomes ``ElasticsearchFailed``."""
    try:
        yield
    except ApiError as refused:
        raise ElasticsearchFailed(
            f"Elasticsearch refused ({refused.status_code} {refused.error})."
        ) from refused
    except TransportError as away:
        raise ElasticsearchFailed(f"Elasticsearch does not answer ({away.message}).") from away
