"""Between this package's types and the values that wasmtime takes and gives.

Going in, every value is checked for what the WIT type can hold, because what wasmtime or Python
would say of a misfit may show the value.
"""

from __future__ import annotations

from typing import Any

from wasmtime.component import Record, Variant

from .errors import INVALID, EksTokenError, InvalidArgument, error_of
from .types import (
    Claims,
    Credentials,
    Custom,
    ExecCredential,
    Finding,
    Global,
    Inspection,
    PresignedRequest,
    Regional,
    Rejection,
    SigningKey,
    StsEndpoint,
    Token,
    TokenRequest,
)


def text(value: object, field: str) -> str:
    """`value`, if UTF-8 can hold it. `field` is the case of `error` that blames it."""
    if not isinstance(value, str):
        raise TypeError(f"{field} must be a str")
    offset = 0
    for character in value:
        if "\ud800" <= character <= "\udfff":
            raise blame(field, "forbidden-byte", offset)
        offset += len(character.encode())
    return value


def number(value: object, field: str, bits: int) -> int:
    """`value`, if an unsigned integer of so many bits can hold it."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{field} must be an int")
    if not 0 <= value < 1 << bits:
        raise blame(field, "out-of-range", None)
    return value


def blame(field: str, reason: str, at: int | None) -> InvalidArgument | ValueError:
    """What is raised where `field` cannot even be handed over."""
    if field in INVALID:
        return INVALID[field](reason, at)
    return ValueError(f"{field} is no UTF-8 text or out of range")


def optional(value: object, check: Any, *arguments: Any) -> Any:
    """`value` checked, where there is one."""
    return None if value is None else check(value, *arguments)


def record(**fields: Any) -> Record:
    """A record of WIT, whose names have hyphens where Python's have underscores."""
    made = Record()
    for name, value in fields.items():
        setattr(made, name.replace("_", "-"), value)
    return made


def lower_credentials(credentials: Credentials) -> Record:
    """`credentials` of WIT."""
    return record(
        access_key_id=text(credentials.access_key_id, "access-key-id"),
        material=lower_material(credentials),
        session_token=optional(credentials.session_token, text, "session-token"),
        expires_at=optional(credentials.expires_at, number, "expires-at", 64),
    )


def lower_material(credentials: Credentials) -> str | list[Record]:
    """`signing-material` of WIT. wasmtime tells its cases apart by their Python types."""
    if credentials.signing_keys is None:
        return text(credentials.secret_access_key, "secret-access-key")
    return [lower_key(key) for key in credentials.signing_keys]


def lower_key(key: SigningKey) -> Record:
    """`signing-key` of WIT."""
    if not isinstance(key.bytes, bytes):
        raise TypeError("the bytes of a signing key must be bytes")
    return record(
        bytes=key.bytes,
        signing_region=text(key.signing_region, "region"),
        day=number(key.day, "signing-key", 32),
    )


def lower_endpoint(endpoint: StsEndpoint) -> set[str] | Record | None:
    """`sts-endpoint` of WIT, again by types: flags are a set, and the global one holds nothing."""
    if isinstance(endpoint, Regional):
        names = {"fips": endpoint.fips, "dual-stack": endpoint.dual_stack}
        return {name for name, is_set in names.items() if is_set}
    if isinstance(endpoint, Custom):
        host = text(endpoint.host, "host")
        region = text(endpoint.signing_region, "region")
        return record(host=host, signing_region=region)
    if isinstance(endpoint, Global):
        return None
    raise TypeError("endpoint must be Regional, Global or Custom")


def lower_request(request: TokenRequest) -> Record:
    """`token-request` of WIT."""
    return record(
        cluster=text(request.cluster, "cluster"),
        region=text(request.region, "region"),
        endpoint=lower_endpoint(request.endpoint),
        signed_at=number(request.signed_at, "signed-at", 64),
        url_expires_in=optional(request.url_expires_in, number, "url-expires-in", 32),
        lifetime=optional(request.lifetime, number, "lifetime", 32),
    )


def lower_token(token: Token) -> Record:
    """`token` of WIT."""
    return record(
        value=text(token.value, "token"),
        expires_at=number(token.expires_at, "expires-at", 64),
        findings=[
            record(code=text(it.code, "code"), message=text(it.message, "message"))
            for it in token.findings
        ],
    )


def unwrap(result: Any) -> Any:
    """What a `result` holds; raises its error. Only that is a `Variant`: every other answer of this
    contract is of another Python type, so wasmtime gives it bare."""
    if isinstance(result, Variant):
        raise lift_error(result)
    return result


def lift_error(error: Any) -> EksTokenError:
    """The exception for an `error` of WIT."""
    payload = error.payload
    if isinstance(payload, Variant):
        payload = (payload.tag, payload.payload)
    return error_of(error.tag, payload)


def lift_key(key: Any) -> SigningKey:
    """`signing-key` of WIT."""
    return SigningKey(key.bytes, getattr(key, "signing-region"), key.day)


def lift_presigned(request: Any) -> PresignedRequest:
    """`presigned-request` of WIT."""
    headers = tuple((name, value) for name, value in request.headers)
    return PresignedRequest(request.method, request.url, headers, getattr(request, "expires-at"))


def lift_token(token: Any) -> Token:
    """`token` of WIT."""
    return Token(token.value, getattr(token, "expires-at"), lift_findings(token.findings))


def lift_findings(findings: Any) -> tuple[Finding, ...]:
    """A list of `finding` of WIT."""
    return tuple(Finding(it.code, it.message) for it in findings)


def lift_inspection(inspection: Any) -> Inspection:
    """`inspection` of WIT."""
    return Inspection(
        claims=None if inspection.claims is None else lift_claims(inspection.claims),
        rejection=lift_verdict(inspection.server),
        findings=lift_findings(inspection.findings),
    )


def lift_verdict(server: Any) -> Rejection | None:
    """`result<_, rejection>` of WIT, bare as well."""
    return None if server is None else Rejection(server.tag, server.payload)


def lift_claims(claims: Any) -> Claims:
    """`claims` of WIT."""
    return Claims(
        sts_host=getattr(claims, "sts-host"),
        region=claims.region,
        partition=claims.partition,
        access_key_id=getattr(claims, "access-key-id"),
        signed_at=getattr(claims, "signed-at"),
        refused_from=getattr(claims, "refused-from"),
        has_session_token=getattr(claims, "has-session-token"),
        signed_headers=tuple(getattr(claims, "signed-headers")),
    )


def lift_exec_credential(answer: Any) -> ExecCredential:
    """`answer` of WIT."""
    return ExecCredential(answer.json, lift_findings(answer.findings))
