"""The same under ASGI, as the embedded process serves."""

from typing import Any

from django.core.asgi import get_asgi_application

ours = get_asgi_application()

from bench.bare import asgi_handler  # noqa: E402

bare = asgi_handler()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Hand the request to the project its path belongs to."""
    await (bare if scope["path"].startswith("/bare/") else ours)(scope, receive, send)
