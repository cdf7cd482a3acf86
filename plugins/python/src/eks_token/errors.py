"""Why something was refused: one class per cause, none of which holds the value that was refused."""

from __future__ import annotations


class EksTokenError(Exception):
    """The root of all errors of this package."""

    code: str = "other"
    """The case's name in `wit/token.wit`."""


class InvalidArgument(EksTokenError):
    """An argument is not what it must be."""

    field: str = "argument"
    """The argument's name, for people."""
    remedy: str = ""
    """What it must be."""

    def __init__(self, reason: str, number: int | None = None) -> None:
        self.reason = reason
        """`empty`, `too-long`, `forbidden-byte` or `out-of-range`."""
        self.limit = number if reason == "too-long" else None
        """The most that is accepted, in bytes, where it is too long."""
        self.offset = number if reason == "forbidden-byte" else None
        """Offset in bytes of the first byte that is not allowed."""
        super().__init__(f"the {self.field} {self._why()}; it must be {self.remedy}")

    def _why(self) -> str:
        if self.reason == "empty":
            return "is empty"
        if self.reason == "too-long":
            return f"is longer than {self.limit} bytes"
        if self.reason == "forbidden-byte":
            return f"has a character that is not allowed at byte {self.offset}"
        return "is out of range"

    def __reduce__(self) -> tuple[type[InvalidArgument], tuple[str, int | None]]:
        # What Exception would do by itself hands the sentence to __init__.
        number = self.limit if self.limit is not None else self.offset
        return (type(self), (self.reason, number))


class InvalidAccessKeyId(InvalidArgument):
    """The access key id."""

    code, field, remedy = "access-key-id", "access key id", "1 to 128 letters, digits and _"


class InvalidSecretAccessKey(InvalidArgument):
    """The secret access key."""

    code, field = "secret-access-key", "secret access key"
    remedy = "1 to 256 printable ASCII characters"


class InvalidSessionToken(InvalidArgument):
    """The session token."""

    code, field = "session-token", "session token"
    remedy = "1 to 16384 printable ASCII characters"


class InvalidSigningKey(InvalidArgument):
    """A signing key or its day."""

    code, field = "signing-key", "signing key"
    remedy = "32 bytes, with a calendar day as YYYYMMDD"


class InvalidCluster(InvalidArgument):
    """The cluster's name or id."""

    code, field = "cluster", "cluster"
    remedy = "1 to 256 printable ASCII characters, not all blank"


class InvalidRegion(InvalidArgument):
    """A region."""

    code, field, remedy = "region", "region", "1 to 32 characters of a-z, 0-9 and -"


class InvalidHost(InvalidArgument):
    """The host of a custom endpoint."""

    code, field, remedy = "host", "host", "a DNS name of at most 253 characters"


class InvalidSignedAt(InvalidArgument):
    """The signing time."""

    code, field, remedy = "signed-at", "signing time", "Unix seconds up to the year 9999"


class InvalidUrlExpiresIn(InvalidArgument):
    """X-Amz-Expires."""

    code, field, remedy = "url-expires-in", "URL expiry", "1 to 900 seconds"


class InvalidLifetime(InvalidArgument):
    """The claimed lifetime."""

    code, field, remedy = "lifetime", "lifetime", "1 to 900 seconds"


class InvalidExpiresAt(InvalidArgument):
    """The end of the credentials or of a token."""

    code, field, remedy = "expires-at", "token's expiry", "Unix seconds up to the year 9999"


class PlainError(EksTokenError):
    """A cause that has nothing to tell but its sentence."""

    sentence: str = ""

    def __init__(self) -> None:
        super().__init__()

    def __str__(self) -> str:
        return self.sentence


class UnknownRegion(PlainError):
    """The region fits no partition that is known here."""

    code = "unknown-region"
    sentence = (
        "the region fits no AWS partition known here; check its spelling, or give a custom "
        "endpoint for a region newer than this version"
    )


class UnknownPartition(PlainError):
    """No partition has this name."""

    code = "unknown-partition"
    sentence = (
        "there is no AWS partition of that name; it must be one of aws, aws-cn, aws-us-gov, "
        "aws-eusc, aws-iso, aws-iso-b, aws-iso-e, aws-iso-f"
    )


class EndpointUnsupported(PlainError):
    """The partition of this region has no such endpoint."""

    code = "endpoint-unsupported"
    sentence = "the global STS endpoint exists in partition aws only; use the regional one"


class NoMatchingSigningKey(PlainError):
    """None of the signing keys is for this day and region."""

    code = "no-matching-signing-key"
    sentence = "none of the signing keys is for this day and region; derive new ones"


class CredentialsExpired(EksTokenError):
    """The credentials had ended by the signing time."""

    code = "credentials-expired"

    def __init__(self, at: int) -> None:
        self.at = at
        """When they ended, in seconds since 1970-01-01T00:00:00Z."""
        super().__init__(at)

    def __str__(self) -> str:
        return (
            f"the credentials expired at {self.at} (Unix seconds), before the signing time; "
            "renew them"
        )


class ComponentFailed(EksTokenError):
    """The component stopped: its memory or its time was used up, or it is another component.

    The next call starts with a fresh one.
    """

    code = "component-failed"


INVALID: dict[str, type[InvalidArgument]] = {
    it.code: it
    for it in (
        InvalidAccessKeyId,
        InvalidSecretAccessKey,
        InvalidSessionToken,
        InvalidSigningKey,
        InvalidCluster,
        InvalidRegion,
        InvalidHost,
        InvalidSignedAt,
        InvalidUrlExpiresIn,
        InvalidLifetime,
        InvalidExpiresAt,
    )
}
"""The class for each case of `error` that blames one argument."""


def error_of(code: str, payload: object) -> EksTokenError:
    """The error for a case of `error` in `wit/token.wit`. `payload` is what the case holds: for an
    argument the pair of reason and number."""
    if code in INVALID and isinstance(payload, tuple):
        return INVALID[code](*payload)
    if code == "credentials-expired" and isinstance(payload, int):
        return CredentialsExpired(payload)
    for plain in (UnknownRegion, UnknownPartition, EndpointUnsupported, NoMatchingSigningKey):
        if code == plain.code:
            return plain()
    return EksTokenError(payload if code == "other" else code)
