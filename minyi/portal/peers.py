"""Who is at the other end of a connection on this machine: the system itself can say."""

import os
import socket
from pathlib import Path

from starlette.requests import Request

# Linux lists the connections of the machine here, with the user of each end.
CONNECTIONS = Path("/proc/net/tcp")

Address = tuple[str, int]


def is_own(request: Request) -> bool:
    """Whether a process of our own user, or of root, sent the request; elsewhere than on Linux nobody knows."""
    if not CONNECTIONS.exists():
        return True
    client, server = request.scope["client"], request.scope["server"]
    return None not in (client, server) and owner_of(client, server) in (os.getuid(), 0)


def owner_of(client: Address, server: Address) -> int | None:
    """The user id of the client's end of an IPv4 connection; None where there is no such connection."""
    wanted = [_written(*client), _written(*server)]
    for line in CONNECTIONS.read_text(encoding="ascii").splitlines()[1:]:
        _, local, remote, _, _, _, _, user, *_ = line.split()
        if [local, remote] == wanted:
            return int(user)
    return None


def _written(host: str, port: int) -> str:
    """An address as the kernel writes it: 127.0.0.1:8420 is 0100007F:20E4."""
    return f"{int.from_bytes(socket.inet_aton(host), 'little'):08X}:{port:04X}"
