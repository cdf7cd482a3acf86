"""The official Kubernetes client, with a provider behind it, against a server over TLS."""

import unittest
from contextlib import ExitStack

import urllib3
from kubernetes import client

from eks_token import Credentials, Signer, TokenProvider
from eks_token.kubernetes import kubernetes_configuration
from servers import PODS, Cluster

NOW = 1_700_000_000
SIGNER = Signer()


class KubernetesClient(unittest.TestCase):
    def setUp(self) -> None:
        self.stack = ExitStack()
        self.addCleanup(self.stack.close)
        self.now = NOW
        self.tokens = TokenProvider(
            "my-cluster",
            "eu-central-1",
            lambda: Credentials("AKIDEXAMPLE", "secret"),
            signer=SIGNER,
            clock=lambda: self.now,
        )
        self.cluster = Cluster(self.stack)

    def pods(self, configuration: client.Configuration) -> int:
        with client.ApiClient(configuration) as api:
            return len(client.CoreV1Api(api).list_pod_for_all_namespaces().items)

    def test_every_request_carries_a_token_that_is_good(self) -> None:
        configuration = kubernetes_configuration(
            self.cluster.url, self.cluster.authority, self.tokens
        )
        for self.now in (NOW, NOW + 100, NOW + 800, NOW + 2_000):
            self.assertEqual(self.pods(configuration), 3)
        sent = [str(it).removeprefix("Bearer ") for it in self.cluster.server.authorizations]
        self.assertEqual(len(set(sent)), 3)
        for token, now in zip(sent, (NOW, NOW + 100, NOW + 800, NOW + 2_000), strict=True):
            self.assertIsNone(SIGNER.inspect(token, now).rejection)

    def test_it_can_be_the_default_configuration(self) -> None:
        """The client makes a deep copy of that one."""
        self.addCleanup(client.Configuration.set_default, None)
        client.Configuration.set_default(kubernetes_configuration(
            self.cluster.url, self.cluster.authority, self.tokens
        ))
        self.assertEqual(self.pods(client.Configuration.get_default_copy()), 3)

    def test_a_server_of_another_authority_gets_nothing(self) -> None:
        other = Cluster(self.stack)
        configuration = kubernetes_configuration(
            self.cluster.url, other.authority, self.tokens
        )
        configuration.retries = 0
        with self.assertRaises(urllib3.exceptions.MaxRetryError):
            self.pods(configuration)
        self.assertEqual(self.cluster.server.authorizations, [])

    def test_a_token_does_not_follow_a_redirect(self) -> None:
        from servers import Server

        elsewhere = Server({"/api/v1/pods": PODS})
        self.stack.callback(elsewhere.close)
        target = f"http://127.0.0.1:{elsewhere.port}/api/v1/pods"
        sly = Cluster(self.stack, {"/api/v1/pods": target})
        configuration = kubernetes_configuration(sly.url, sly.authority, self.tokens)
        self.pods(configuration)
        self.assertTrue(str(sly.server.authorizations[0]).startswith("Bearer k8s-aws-v1."))
        # The request itself does follow: that is the client's way.
        self.assertEqual(elsewhere.authorizations, [None])

    def test_plain_http_is_refused(self) -> None:
        for server in ("http://127.0.0.1", "127.0.0.1:443", "//127.0.0.1", ""):
            with self.assertRaisesRegex(ValueError, "https"):
                kubernetes_configuration(server, self.cluster.authority, self.tokens)


if __name__ == "__main__":
    unittest.main()
