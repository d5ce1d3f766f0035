"""Who a request comes from: the peer, or whom a proxy of ours says it speaks for."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from django.conf import settings

Address = IPv4Address | IPv6Address


def client_address(meta: Mapping[str, Any]) -> str:
    """The client's address; "" where there is none, as behind a socket file.

    X-Forwarded-For is read from its end, and no further than our own proxies wrote it: what stands
    before the first address that is none of theirs was sent by the client, who may write anything.
    """
    address = _read(str(meta.get("REMOTE_ADDR", "")))
    hops = str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    while address and hops and _is_ours(address):
        said = _read(hops.pop())
        if said is None:
            break
        address = said
    # A zone, as in fe80::1%eth0, may be of any length.
    return str(address).partition("%")[0] if address else ""


def _is_ours(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def _read(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    # A server that listens on both writes an old address into a new one: they are one client.
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
