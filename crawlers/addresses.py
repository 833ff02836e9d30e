"""Public addresses only: what a name leads to is looked at before anything connects to it."""

import ipaddress
from typing import Any, ClassVar, Self

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError


class PrivateAddressError(DNSLookupError):
    """A name that leads into a private network.  Twisted passes on only that a look-up failed."""


def is_private(address: str) -> bool:
    return not ipaddress.ip_address(address.partition("%")[0]).is_global


class PublicResolver(CachingThreadedResolver):
    """Refuses names that resolve to private or loopback addresses, at every look-up.

    The address checked is the one connected to, so a name that changes its mind between
    a check and the connection (DNS rebinding) gains nothing.
    """

    allow_private = False
    refused: ClassVar[dict[str, str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Self:
        resolver: Self = super().from_crawler(crawler, reactor)
        resolver.allow_private = crawler.settings.getbool("MINYI_ALLOW_PRIVATE")
        return resolver

    def getHostByName(self, name: str, timeout: Any = ()) -> Any:  # noqa: N802 - Twisted's name
        return super().getHostByName(name, timeout).addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if not self.allow_private and is_private(address):
            self.refused[name] = address
            raise PrivateAddressError(f"{name} → {address}")
        return address


def is_private_literal(host: str) -> bool:
    """Whether a host is written as a private address; a name is looked up later, by the resolver."""
    try:
        return is_private(host)
    except ValueError:
        return False
