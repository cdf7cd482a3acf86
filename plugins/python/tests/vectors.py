"""The vectors that every language is held to, as this package's types."""

import json
from pathlib import Path
from typing import Any

from eks_token import (
    Credentials,
    Custom,
    EksTokenError,
    Global,
    InvalidArgument,
    Regional,
    SigningKey,
    StsEndpoint,
    TokenRequest,
)

FOLDER = Path(__file__).resolve().parents[2] / "vectors"


def load(name: str) -> list[dict[str, Any]]:
    vectors: list[dict[str, Any]] = json.loads((FOLDER / name).read_text())["vectors"]
    return vectors


def credentials_of(value: dict[str, Any]) -> Credentials:
    keys = value["material"].get("signing-keys")
    return Credentials(
        access_key_id=value["access-key-id"],
        secret_access_key=value["material"].get("secret-access-key"),
        session_token=value["session-token"],
        expires_at=value["expires-at"],
        signing_keys=None if keys is None else tuple(map(key_of, keys)),
    )


def key_of(value: dict[str, Any]) -> SigningKey:
    return SigningKey(bytes.fromhex(value["bytes"]), value["signing-region"], value["day"])


def request_of(value: dict[str, Any]) -> TokenRequest:
    return TokenRequest(
        cluster=value["cluster"],
        region=value["region"],
        endpoint=endpoint_of(value["endpoint"]),
        signed_at=value["signed-at"],
        url_expires_in=value["url-expires-in"],
        lifetime=value["lifetime"],
    )


def endpoint_of(value: dict[str, Any]) -> StsEndpoint:
    if "regional" in value:
        return Regional(fips="fips" in value["regional"], dual_stack="dual-stack" in value["regional"])
    if "custom" in value:
        return Custom(value["custom"]["host"], value["custom"]["signing-region"])
    return Global()


def case_of(error: EksTokenError) -> dict[str, Any]:
    """The error as the vectors write it."""
    case: dict[str, Any] = {"case": error.code}
    if isinstance(error, InvalidArgument):
        number = error.limit if error.limit is not None else error.offset
        case.update(invalid=error.reason, value=number)
    elif hasattr(error, "at"):
        case.update(value=error.at)
    return case
