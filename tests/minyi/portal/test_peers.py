"""Whose connection it is: real ones on loopback."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.requests import Request

from minyi.portal import peers
from minyi.portal.peers import CONNECTIONS, is_own, owner_of

pytestmark = pytest.mark.skipif(not CONNECTIONS.exists(), reason="only Linux says whose a connection is")
NOBODY = 65534


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def request(client: object, server: object) -> Request:
    return Request({"type": "http", "client": client, "server": server})


def test_ones_own_connection_is_ones_own(server: socket.socket) -> None:
    address = server.getsockname()
    with socket.create_connection(address) as client:
        assert owner_of(client.getsockname(), address) == os.getuid()
        assert is_own(request(client.getsockname(), address))


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_another_users_connection_is_not(server: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    address = server.getsockname()
    os.seteuid(NOBODY)
    try:
        client = socket.create_connection(address)
    finally:
        os.seteuid(0)
    with client:
        assert owner_of(client.getsockname(), address) == NOBODY
        assert not is_own(request(client.getsockname(), address))
        monkeypatch.setattr(os, "getuid", lambda: NOBODY)
        assert is_own(request(client.getsockname(), address))


def test_a_connection_that_is_not_there_is_nobodys(server: socket.socket) -> None:
    address = server.getsockname()
    assert owner_of(("127.0.0.1", 1), address) is None
    assert not is_own(request(("127.0.0.1", 1), address))
    assert not is_own(request(None, address))


def test_where_the_system_does_not_tell_nobody_is_kept_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "CONNECTIONS", tmp_path / "tcp")
    assert is_own(request(None, None))
