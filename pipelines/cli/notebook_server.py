"""marimo with a guard that it lacks: `python -m pipelines.cli.notebook_server run NOTEBOOK ...`.

marimo asks for its token, and tells browsers which other pages may read its answers. It takes WebSockets of any page,
so that one that a browser shows of another port of this machine could use the reader's cookie.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[Message]]
_Send = Callable[[Message], Awaitable[None]]
_App = Callable[[Message, _Receive, _Send], Awaitable[None]]


class SameOrigin:
    """ASGI middleware that refuses requests which a page of another host or port makes."""

    def __init__(self, app: _App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: _Receive, send: _Send) -> None:
        """Pass a request on, or answer it with 403."""
        headers = {name: value.decode("latin-1") for name, value in scope.get("headers", ())}
        origin = headers.get(b"origin")
        if origin is None or urlsplit(origin).netloc == headers.get(b"host"):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b""})


def main() -> None:
    """Run marimo's command with the guard."""
    from marimo._cli.cli import main as marimo  # noqa: PLC0415
    from marimo._server.registry import MIDDLEWARE_REGISTRY  # noqa: PLC0415
    from starlette.middleware import Middleware  # noqa: PLC0415

    MIDDLEWARE_REGISTRY.register("same-origin", Middleware(SameOrigin))
    marimo()


if __name__ == "__main__":
    main()
