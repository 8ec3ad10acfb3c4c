"""Both projects in one server process: ours, and the bare one below /bare/."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

ours = get_wsgi_application()

from bench.bare import wsgi_handler  # noqa: E402

bare = wsgi_handler()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Hand the request to the project its path belongs to."""
    chosen = bare if environ["PATH_INFO"].startswith("/bare/") else ours
    return chosen(environ, start_response)  # type: ignore[no-any-return]
