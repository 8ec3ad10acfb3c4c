"""The engines by name, and what they have in common (``base.Engine``)."""

from search.engines.base import Engine, EngineUnavailable, NoServer
from search.engines.postgresql import PostgresqlEngine
from search.engines.sqlite import SqliteEngine

#: What can be asked for; each makes tables of its own and leaves nothing behind.
ENGINES: dict[str, type[Engine]] = {
    SqliteEngine.name: SqliteEngine,
    PostgresqlEngine.name: PostgresqlEngine,
}

__all__ = ["ENGINES", "Engine", "EngineUnavailable", "NoServer"]
