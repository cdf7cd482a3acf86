"""Credentials from a boto3 or botocore session.

Imports neither: what is needed is asked of the session that is handed in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .errors import EksTokenError
from .types import Credentials


def session_credentials(session: Any) -> Callable[[], Credentials]:
    """Credentials for a `TokenProvider`, out of a boto3 `Session` or a botocore one.

    botocore renews them by itself when they are asked for, and its chain decides where they come
    from. Their end is passed on where botocore knows it, so that no token claims to outlive them.
    """

    def credentials() -> Credentials:
        found = session.get_credentials()
        if found is None:
            raise EksTokenError(
                "the session has no credentials; set AWS_PROFILE or whatever your chain reads"
            )
        # Renews them, and is one consistent set. Their end is asked for separately, and must be
        # that of this set: another thread may renew in between.
        while True:
            frozen = found.get_frozen_credentials()
            # Only those that can be renewed know their end, and botocore has no public name for it.
            end = getattr(found, "_expiry_time", None)
            if found.get_frozen_credentials() == frozen:
                break
        return Credentials(
            access_key_id=frozen.access_key,
            secret_access_key=frozen.secret_key,
            session_token=frozen.token,
            expires_at=None if end is None else int(end.timestamp()),
        )

    return credentials
