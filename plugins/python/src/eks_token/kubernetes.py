"""For the official Kubernetes client of Python: a configuration that never goes stale.

Needs the package `kubernetes` (`pip install 'eks-token[kubernetes]'`).
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from urllib.parse import urlsplit

from kubernetes import client


def refresh_api_key_hook(token: Callable[[], str]) -> Callable[[client.Configuration], None]:
    """For `Configuration.refresh_api_key_hook`, which the client calls before each request.

    `token` is a `TokenProvider`. The configuration's `api_key` must have an entry `authorization`,
    or the client does not ask: `kubernetes_configuration` sees to that.
    """

    # A plain function, for the client deep-copies its default configuration, and a provider with
    # its lock cannot be copied.
    def hook(configuration: client.Configuration) -> None:
        configuration.api_key["authorization"] = token()
        configuration.api_key_prefix["authorization"] = "Bearer"

    return hook


def kubernetes_configuration(
    server: str,
    certificate_authority_data: str,
    token: Callable[[], str],
) -> client.Configuration:
    """A configuration for `client.ApiClient`.

    `server` and `certificate_authority_data` (base64) are the cluster's `endpoint` and
    `certificateAuthority.data` in DescribeCluster; `token` is a `TokenProvider`. A server without
    https is refused: a token is worth the caller's rights to whoever sees it.
    """
    if urlsplit(server).scheme != "https":
        raise ValueError("the server must be https: a token never travels in the clear")
    configuration = client.Configuration(
        host=server,
        ca_cert_data=base64.b64decode(certificate_authority_data, validate=True).decode("ascii"),
    )
    configuration.api_key["authorization"] = ""
    # It has no annotation there, and is taken for one that is always None.
    configuration.refresh_api_key_hook = refresh_api_key_hook(token)  # type: ignore[assignment]
    return configuration
