"""The live index on Elasticsearch: its documents, its names, and whether it is as it should be.

An index has a name of its own, made once; what is searched is an alias that points to one of them,
so that another can take its place at one stroke. Each also has an alias for writing: a write names
that and nothing else, so no write can make an index that nobody described.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any
from uuid import uuid4

from django.conf import settings
from elasticsearch import Elasticsearch
from elasticsearch_dsl import Document, Keyword, Long, MetaField, Text

from search.analysis import VERSION
from search.elastic import ElasticsearchFailed

_WRITING = ".write"


class LiveDocument(Document):
    """What a row of ``SearchDoc`` is found by; everything else is read from the row.

    The tokens come ready (``search.tokens``), and which document holds one is all that is asked.
    """

    number = Long()
    tokens = Text(analyzer="whitespace", index_options="docs", norms=False)
    kind = Keyword()
    language = Keyword()
    scope = Keyword()
    digest = Keyword()

    class Meta:
        dynamic = MetaField("strict")
        source = MetaField(includes=["number", "digest"])

    class Index:
        settings = {
            "number_of_shards": 1,
            "refresh_interval": "1s",
            # Newest first is how documents are asked for: no look-up sorts more than it gives.
            "sort.field": "number",
            "sort.order": "desc",
            # What was deleted stays known for longer than any worker may be late.
            "gc_deletes": "2h",
        }


def alias() -> str:
    """What is searched."""
    return str(settings.ELASTICSEARCH["INDEX"])


def writing(index: str) -> str:
    """The alias through which one index is written."""
    return f"{index}{_WRITING}"


def fingerprint() -> str:
    """The same for indexes that were made by the same description and analysis."""
    described = json.dumps([VERSION, LiveDocument._doc_type.mapping.to_dict()], sort_keys=True)
    return hashlib.blake2s(described.encode(), digest_size=16).hexdigest()


def create(client: Elasticsearch) -> str:
    """Make an index that nobody searches yet; its name."""
    name = f"{alias()}-{uuid4().hex}"
    mapping = LiveDocument._doc_type.mapping.to_dict()
    client.indices.create(
        index=name,
        mappings={**mapping, "_meta": {"fingerprint": fingerprint()}},
        settings={
            **LiveDocument._index._settings,
            "number_of_replicas": settings.ELASTICSEARCH["REPLICAS"],
        },
        aliases={writing(name): {}},
    )
    return name


def indexes(client: Elasticsearch) -> dict[str, bool]:
    """The names of all that are ours, and whether each is the one that is searched."""
    return {
        name: alias() in each["aliases"]
        for name, each in _all(client).items()
        if writing(name) in each["aliases"]
    }


def _all(client: Elasticsearch) -> dict[str, Any]:
    """By their names: also what nobody made on purpose, since a delete from an index that has just
    gone makes one. Those of another platform, or of ``search_eval``, are named otherwise.
    """
    ours = re.compile(rf"{re.escape(alias())}-[0-9a-f]{{32}}({re.escape(_WRITING)})*")
    found = client.indices.get_alias(index=f"{alias()}-*", ignore_unavailable=True)
    return {name: each for name, each in found.items() if ours.fullmatch(name)}


def swap(client: Elasticsearch, index: str) -> None:
    """From now on this one is searched, and no other; the others of ours go."""
    gone = [name for name in _all(client) if name != index]
    actions: list[dict[str, Any]] = [{"remove_index": {"index": name}} for name in gone]
    if client.indices.exists_alias(name=alias()):
        foreign = set(client.indices.get_alias(name=alias())) - {*gone, index}
        actions += [{"remove": {"index": name, "alias": alias()}} for name in sorted(foreign)]
    elif client.indices.exists(index=alias()):
        # Somebody wrote to our name when nothing had it, and made an index by that.
        actions.append({"remove_index": {"index": alias()}})
    client.indices.update_aliases(actions=[*actions, {"add": {"index": index, "alias": alias()}}])


def check(client: Elasticsearch) -> None:
    """Look whether what is searched is one index as it was described.

    Raises ``ElasticsearchFailed`` where it is not: a foreign one would find something else.
    """
    found = dict(client.indices.get_mapping(index=alias()))
    if len(found) != 1:
        raise ElasticsearchFailed(f"{alias()} is {len(found)} indexes.")
    ((_name, each),) = found.items()
    mapping = each["mappings"]
    wanted = LiveDocument._doc_type.mapping.to_dict()["properties"]
    if mapping.get("_meta", {}).get("fingerprint") != fingerprint():
        raise ElasticsearchFailed(f"{alias()} was made for another analysis.")
    there = mapping.get("properties", {})
    if {name: field.get("type") for name, field in there.items()} != {
        name: field["type"] for name, field in wanted.items()
    } or there["tokens"].get("analyzer") != "whitespace":
        raise ElasticsearchFailed(f"{alias()} is mapped otherwise.")
