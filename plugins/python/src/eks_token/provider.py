"""Tokens for a program that outlives them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from .signer import Signer
from .types import Credentials, Regional, StsEndpoint, Token, TokenRequest

RENEW_AHEAD = 60
"""How long before its end a token is renewed, in seconds; a quarter of its life where that is
less. The same as in the Rust host."""


class TokenProvider:
    """Keeps a token for one cluster and renews it ahead of its end.

    Safe to share between threads: whoever finds the token used up renews it, while the others wait.
    Where none can be made ahead of time, the last one goes on until its end.
    """

    def __init__(
        self,
        cluster: str,
        region: str,
        credentials: Callable[[], Credentials],
        *,
        signer: Signer | None = None,
        endpoint: StsEndpoint = Regional(),
        lifetime: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`credentials` is called for each new token: it should renew what it holds."""
        self._cluster, self._region, self._endpoint = cluster, region, endpoint
        self._lifetime = lifetime
        self._credentials = credentials
        self._signer = signer if signer is not None else Signer()
        self._clock = clock
        self._lock = threading.Lock()
        self._held: Token | None = None
        self._renew_at = 0

    def __call__(self) -> str:
        """The bearer token, good for a while yet."""
        return self.token().value

    def token(self) -> Token:
        """The same, with its expiry and findings."""
        with self._lock:
            now = int(self._clock())
            held = self._held
            if held is not None and now < self._renew_at:
                return held
            try:
                return self._renew()
            except Exception:
                if held is not None and now < held.expires_at:
                    return held
                raise

    def discard(self, refused: str) -> None:
        """Forgets the token `refused`, which a cluster did not take. The next call makes another.
        Has no effect where another thread has renewed it since."""
        with self._lock:
            if self._held is not None and self._held.value == refused:
                self._held = None

    def _renew(self) -> Token:
        credentials = self._credentials()
        # After the credentials, which may take their time.
        now = int(self._clock())
        request = TokenRequest(
            self._cluster, self._region, now, self._endpoint, lifetime=self._lifetime
        )
        token = self._signer.create_token(credentials, request)
        ahead = min(RENEW_AHEAD, max(token.expires_at - now, 0) // 4)
        self._held, self._renew_at = token, token.expires_at - ahead
        return token
