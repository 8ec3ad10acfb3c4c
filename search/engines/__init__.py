"""The engines by name, and what they have in common (``base.Engine``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.module_loading import import_string

from search.engines.base import Engine, EngineUnavailable, NoServer


class _Engines(Mapping[str, type[Engine]]):
    """Each is read when it is asked for: the client of a server that few have takes a while."""

    _where = {
        "sqlite": "search.engines.sqlite.SqliteEngine",
        "postgresql": "search.engines.postgresql.PostgresqlEngine",
        "elasticsearch": "search.engines.elasticsearch.ElasticsearchEngine",
    }

    def __getitem__(self, name: str) -> type[Engine]:
        found: type[Engine] = import_string(self._where[name])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._where)

    def __len__(self) -> int:
        return len(self._where)


#: What can be asked for; each makes an index of its own and leaves nothing behind.
ENGINES: Mapping[str, type[Engine]] = _Engines()

__all__ = ["ENGINES", "Engine", "EngineUnavailable", "NoServer"]
