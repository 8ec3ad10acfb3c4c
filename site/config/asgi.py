"""ASGI entry: sockets in production; in embedded mode pages and sockets in one process."""

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
# First: it loads the apps that everything below needs.
pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from config.routing import websocket_application  # noqa: E402
from core.bodies import BodyGuard  # noqa: E402
from core.embedded import claim_single_process  # noqa: E402

claim_single_process()
sockets = AllowedHostsOriginValidator(websocket_application())


async def known_sockets(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Close a socket of an unknown address in order, where the router would raise."""
    try:
        await sockets(scope, receive, send)
    except ValueError as problem:
        if "No route found" not in str(problem):
            raise
        await send({"type": "websocket.close", "code": 4404})


application = ProtocolTypeRouter({"http": BodyGuard(pages), "websocket": known_sockets})
