"""Makes and reads tokens."""

from __future__ import annotations

from . import _convert as convert
from ._component import Component
from .types import (
    Credentials,
    ExecCredential,
    Inspection,
    PresignedRequest,
    Regional,
    SigningKey,
    StsEndpoint,
    Token,
    TokenRequest,
)


class Signer:
    """The component, ready to be called from any thread.

    Make one and keep it: compiling takes some tenth of a second, a call some hundred microseconds.
    Every method is pure: same arguments, same answer. Each raises an `EksTokenError`, which never
    holds a value that was refused, or a `TypeError` that names the argument.
    """

    def __init__(self, component: bytes | None = None) -> None:
        """`component` is another build of the component, in the place of the one packaged here."""
        self._component = Component(component)

    def create_token(self, credentials: Credentials, request: TokenRequest) -> Token:
        """Makes a token."""
        answer = self._component.call(
            "signer",
            "create-token",
            convert.lower_credentials(credentials),
            convert.lower_request(request),
        )
        return convert.lift_token(convert.unwrap(answer))

    def presign(self, credentials: Credentials, request: TokenRequest) -> PresignedRequest:
        """Makes the request that a token holds, for any HTTP client to send."""
        answer = self._component.call(
            "signer",
            "presign",
            convert.lower_credentials(credentials),
            convert.lower_request(request),
        )
        return convert.lift_presigned(convert.unwrap(answer))

    def derive_signing_key(
        self,
        secret_access_key: str,
        region: str,
        day: int,
        endpoint: StsEndpoint = Regional(),
    ) -> SigningKey:
        """Derives the key of a UTC day (YYYYMMDD) and a region, for a host without the secret."""
        answer = self._component.call(
            "signer",
            "derive-signing-key",
            convert.text(secret_access_key, "secret-access-key"),
            convert.text(region, "region"),
            convert.lower_endpoint(endpoint),
            convert.number(day, "signing-key", 32),
        )
        return convert.lift_key(convert.unwrap(answer))

    def inspect(self, token: str, now: int, partition: str | None = None) -> Inspection:
        """Reads a token as the server will. `partition` is the cluster's, where it is known."""
        answer = self._component.call(
            "inspector",
            "inspect",
            convert.text(token, "token"),
            convert.optional(partition, convert.text, "partition"),
            convert.number(now, "now", 64),
        )
        return convert.lift_inspection(convert.unwrap(answer))

    def verify(self, token: str, credentials: Credentials, cluster: str) -> bool:
        """Was this token signed for this cluster with these credentials?"""
        answer = self._component.call(
            "inspector",
            "verify",
            convert.text(token, "token"),
            convert.lower_credentials(credentials),
            convert.text(cluster, "cluster"),
        )
        return bool(convert.unwrap(answer))

    def exec_credential(self, token: Token, exec_info: str | None = None) -> ExecCredential:
        """Wraps a token for kubectl. `exec_info` is the value of KUBERNETES_EXEC_INFO."""
        answer = self._component.call(
            "exec",
            "exec-credential",
            convert.lower_token(token),
            convert.optional(exec_info, convert.text, "exec_info"),
        )
        return convert.lift_exec_credential(convert.unwrap(answer))
