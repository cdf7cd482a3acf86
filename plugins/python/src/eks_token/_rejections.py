"""What the server's refusals mean, for people. The same sentences as in the other languages."""

from __future__ import annotations

MESSAGES = {
    "too-large": "it is {} bytes long and a server takes 4096; use a session with fewer session "
    "tags and a shorter session policy",
    "missing-prefix": "it does not begin with k8s-aws-v1.",
    "not-base64url": "what follows the prefix is not base64url without padding",
    "not-a-url": "what it encodes is not a URL",
    "unexpected-scheme": "its URL is not https",
    "unexpected-host": "its URL does not name an STS host of the cluster's partition; sign for the "
    "regional endpoint of the cluster's region",
    "unexpected-path": "the path of its URL is not /",
    "malformed-query": "the query of its URL has a raw ; or a bad percent escape",
    "duplicate-parameter": "the parameter {} stands twice in its query, in different case",
    "unexpected-parameter": "the parameter {} may not be in its query; sign without it",
    "multiple-values": "the parameter {} stands twice in its query",
    "unexpected-action": "its action is not GetCallerIdentity",
    "cluster-not-signed": "the header x-k8s-aws-id is not signed, so it is bound to no cluster",
    "invalid-expires": "X-Amz-Expires is not a number from 0 to 900; sign with 60",
    "missing-date": "X-Amz-Date is missing",
    "malformed-date": "X-Amz-Date is not of the form YYYYMMDDTHHMMSSZ",
    "expired": "it expired at {} (Unix seconds), 15 minutes after it was signed; make a new one",
    "other": "{}",
}
"""By the case of `rejection` in `wit/token.wit`. The braces stand for what the case holds."""


def rejection_message(code: str, value: object) -> str:
    """The sentence for a case; the case itself where it is newer than this version."""
    return MESSAGES.get(code, code).replace("{}", str(value))
