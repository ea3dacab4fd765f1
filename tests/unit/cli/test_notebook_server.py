"""The guard of the notebooks' server: pages of other hosts and ports get nothing."""

import asyncio
from typing import Any

import pytest
from marimo._cli import cli
from marimo._server.registry import MIDDLEWARE_REGISTRY

from pipelines.cli import notebook_server
from pipelines.cli.notebook_server import Message, SameOrigin

HERE = b"127.0.0.1:2718"


def _asked(kind: str, **headers: bytes) -> list[Message]:
    """What a client gets from an app that answers "passed on" to everything."""
    sent: list[Message] = []

    async def app(scope: Message, receive: Any, send: Any) -> None:
        await send({"type": "passed on"})

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": f"{kind}.connect"}

    scope = {"type": kind, "headers": [(name.encode(), value) for name, value in headers.items()]}
    asyncio.run(SameOrigin(app)(scope, receive, send))
    return sent


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_the_page_itself_and_what_is_no_page_are_served(kind: str) -> None:
    assert _asked(kind, host=HERE, origin=b"http://" + HERE) == [{"type": "passed on"}]
    assert _asked(kind, host=HERE) == [{"type": "passed on"}]
    assert _asked("lifespan") == [{"type": "passed on"}]


@pytest.mark.parametrize(
    "origin", [b"http://evil.example", b"http://127.0.0.1:8000", b"http://localhost:2718", b"null", b"", b"http://\xff"]
)
def test_other_pages_are_refused(origin: bytes) -> None:
    (closed,) = _asked("websocket", host=HERE, origin=origin)
    assert (closed["type"], closed["code"]) == ("websocket.close", 1008)
    assert _asked("http", host=HERE, origin=origin)[0]["status"] == 403


def test_marimo_takes_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is put in by a name that marimo does not promise to keep."""
    monkeypatch.setattr(cli, "main", lambda: None)
    notebook_server.main()
    assert SameOrigin in [each.cls for each in MIDDLEWARE_REGISTRY.get_all()]
    MIDDLEWARE_REGISTRY.unregister("same-origin")
