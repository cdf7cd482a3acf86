"""What goes into the signer and comes out of it: the records of `wit/token.wit`.

All are frozen. Times are seconds since 1970-01-01T00:00:00Z. What is secret is not in a `repr`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Union

from ._rejections import rejection_message


@dataclass(frozen=True)
class SigningKey:
    """A SigV4 signing key: good for one UTC day, one region and the service `sts`.

    It signs any STS request, not only this one. Derive it from the temporary credentials of a role
    that may do nothing at STS.
    """

    bytes: bytes = field(repr=False)
    """32 bytes: a secret."""
    signing_region: str
    day: int
    """The UTC day as the number YYYYMMDD."""


@dataclass(frozen=True)
class Credentials:
    """Who signs. Exactly one of `secret_access_key` and `signing_keys` is given."""

    access_key_id: str
    secret_access_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)
    expires_at: int | None = None
    """When AWS stops accepting them, if they are temporary."""
    signing_keys: tuple[SigningKey, ...] | None = field(default=None, repr=False)
    """In the place of the secret. Several, so that a host can carry two days' over midnight."""

    def __post_init__(self) -> None:
        if (self.secret_access_key is None) == (self.signing_keys is None):
            raise TypeError("give either secret_access_key or signing_keys")


@dataclass(frozen=True)
class Regional:
    """The region's own STS endpoint."""

    fips: bool = False
    dual_stack: bool = False


@dataclass(frozen=True)
class Global:
    """`sts.amazonaws.com`, signed for us-east-1: partition `aws` only."""


@dataclass(frozen=True)
class Custom:
    """For a region newer than this version."""

    host: str
    signing_region: str


StsEndpoint = Union[Regional, Global, Custom]
"""The STS endpoint that the cluster's authenticator will call."""


@dataclass(frozen=True)
class TokenRequest:
    """What is asked for."""

    cluster: str
    """Cluster name, or the id of a local cluster on Outposts."""
    region: str
    signed_at: int
    endpoint: StsEndpoint = Regional()
    url_expires_in: int | None = None
    """X-Amz-Expires in seconds, 1 to 900; 60 where absent. The cluster ignores it."""
    lifetime: int | None = None
    """What the token claims to live, in seconds, at most 900; 840 where absent."""


@dataclass(frozen=True)
class Finding:
    """A remark that stops nothing. The codes may grow."""

    code: str
    message: str


@dataclass(frozen=True)
class PresignedRequest:
    """The request as any HTTP client can send it. Its URL and headers are a secret."""

    method: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    """Must be sent as they stand: they are signed."""
    expires_at: int
    """X-Amz-Date + X-Amz-Expires."""


@dataclass(frozen=True)
class Token:
    """A bearer credential, to be kept secret until it expires."""

    value: str = field(repr=False)
    """`k8s-aws-v1.…`"""
    expires_at: int
    """The earliest of the claimed lifetime and the end of the credentials."""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Claims:
    """What could be read. A token only proves that its cluster's name was signed."""

    sts_host: str
    region: str | None
    partition: str | None
    access_key_id: str | None
    signed_at: int | None
    refused_from: int | None
    """15 minutes after `signed_at`."""
    has_session_token: bool
    signed_headers: tuple[str, ...]


@dataclass(frozen=True)
class Rejection:
    """The first of the server's checks that a token fails."""

    code: str
    """The case's name in `wit/token.wit`, such as `cluster-not-signed`."""
    value: int | str | None = None
    """What the case holds: a length, a parameter's name, a time."""

    @property
    def message(self) -> str:
        """The reason as a sentence about the token, with what to do where something can be done."""
        return rejection_message(self.code, self.value)


@dataclass(frozen=True)
class Inspection:
    """What is in a token, and who would refuse it."""

    claims: Claims | None
    rejection: Rejection | None
    """`None` where the server would ask STS."""
    findings: tuple[Finding, ...]
    """What the server does not check and STS will refuse."""


@dataclass(frozen=True)
class ExecCredential:
    """The answer of an exec credential plugin. Its JSON holds the token."""

    json: str = field(repr=False)
    """For standard output."""
    findings: tuple[Finding, ...]
    """For the user to read, on standard error."""
