"""A token that outlives its credentials, its own end, and the threads that use it."""

import threading
import unittest
from concurrent.futures import ThreadPoolExecutor

import boto3
import botocore.session
from botocore.credentials import RefreshableCredentials

from eks_token import (
    Credentials,
    CredentialsExpired,
    EksTokenError,
    Signer,
    TokenProvider,
    session_credentials,
)

NOW = 1_700_000_000
SIGNER = Signer()


class Source:
    """Counts how often it is asked, and fails when told to."""

    def __init__(self, expires_in: int | None = None) -> None:
        self.now, self.asked, self.fails = NOW, 0, False
        self.expires_in = expires_in
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self) -> Credentials:
        self.asked += 1
        self.gate.wait(10)
        if self.fails:
            raise EksTokenError("no credentials")
        end = None if self.expires_in is None else self.now + self.expires_in
        return Credentials("AKIDEXAMPLE", "secret", expires_at=end)

    def provider(self) -> TokenProvider:
        return TokenProvider(
            "my-cluster", "eu-central-1", self, signer=SIGNER, clock=lambda: self.now + 0.5
        )


class Renewal(unittest.TestCase):
    def test_a_token_is_kept_until_a_minute_before_its_end(self) -> None:
        source = Source()
        token = source.provider()
        first = token()
        source.now = NOW + 840 - 61
        self.assertEqual(token(), first)
        source.now = NOW + 840 - 60
        self.assertNotEqual(token(), first)
        self.assertEqual(source.asked, 2)

    def test_a_token_that_lives_shortly_is_renewed_in_its_last_quarter(self) -> None:
        source = Source(expires_in=100)
        token = source.provider()
        self.assertEqual(token.token().expires_at, NOW + 100)
        source.now = NOW + 74
        token()
        self.assertEqual(source.asked, 1)
        source.now = NOW + 75
        token()
        self.assertEqual(source.asked, 2)

    def test_a_failure_ahead_of_the_end_does_no_harm(self) -> None:
        source = Source()
        token = source.provider()
        first = token()
        source.now, source.fails = NOW + 839, True
        self.assertEqual(token(), first)
        source.now = NOW + 840
        with self.assertRaisesRegex(EksTokenError, "no credentials"):
            token()
        source.fails = False
        self.assertNotEqual(token(), first)

    def test_credentials_that_have_ended_are_an_error(self) -> None:
        with self.assertRaises(CredentialsExpired):
            Source(expires_in=-1).provider()()

    def test_a_refused_token_is_replaced_once(self) -> None:
        source = Source()
        provider = source.provider()
        first = provider()
        source.now += 1
        provider.discard("another")
        self.assertEqual(provider(), first)
        provider.discard(first)
        second = provider()
        self.assertNotEqual(second, first)
        # A slower thread comes with the same refusal.
        provider.discard(first)
        self.assertEqual(provider(), second)
        self.assertEqual(source.asked, 2)

    def test_many_threads_make_one_token(self) -> None:
        source = Source()
        source.gate.clear()
        provider = source.provider()
        with ThreadPoolExecutor(16) as pool:
            made = [pool.submit(provider) for _ in range(64)]
            source.gate.set()
            self.assertEqual(len({it.result() for it in made}), 1)
        self.assertEqual(source.asked, 1)


class Sessions(unittest.TestCase):
    """Credentials out of the real botocore and boto3."""

    def test_static_ones_have_no_end(self) -> None:
        session = botocore.session.Session()
        session.set_credentials("AKIDEXAMPLE", "secret", "token")
        boto = boto3.Session("AKIDEXAMPLE", "secret", "token")
        for it in (session, boto):
            expected = Credentials("AKIDEXAMPLE", "secret", "token")
            self.assertEqual(session_credentials(it)(), expected)

    def test_temporary_ones_are_renewed_and_tell_their_end(self) -> None:
        from datetime import datetime, timedelta, timezone

        ends = [datetime.now(timezone.utc) + timedelta(seconds=it) for it in (-5, 3_600)]

        def metadata(index: int) -> dict[str, str]:
            return {"access_key": f"ASIA{index}", "secret_key": "secret", "token": "token",
                    "expiry_time": ends[index].isoformat()}

        session = botocore.session.Session()
        session._credentials = RefreshableCredentials.create_from_metadata(
            metadata(0), refresh_using=lambda: metadata(1), method="test"
        )
        found = session_credentials(session)()
        self.assertEqual(found.access_key_id, "ASIA1")
        self.assertEqual(found.expires_at, int(ends[1].timestamp()))

    def test_the_end_is_that_of_the_same_set(self) -> None:
        """Another thread renews between the two questions."""
        from datetime import datetime, timezone
        from types import SimpleNamespace

        sets = [SimpleNamespace(access_key=it, secret_key="secret", token=None)
                for it in ("OLD", "NEW", "NEW", "NEW")]

        class Renewing:
            @property
            def _expiry_time(self) -> datetime:
                return datetime.fromtimestamp(len(sets), timezone.utc)

            def get_frozen_credentials(self) -> SimpleNamespace:
                return sets.pop(0)

        class Session:
            def get_credentials(self) -> Renewing:
                return found

        found = Renewing()
        credentials = session_credentials(Session())()
        self.assertEqual((credentials.access_key_id, credentials.expires_at), ("NEW", 1))

    def test_a_session_without_any_says_so(self) -> None:
        class Empty:
            def get_credentials(self) -> None:
                return None

        with self.assertRaisesRegex(EksTokenError, "no credentials"):
            session_credentials(Empty())()


class Imports(unittest.TestCase):
    def test_neither_botocore_nor_kubernetes_is_imported_for_nothing(self) -> None:
        import subprocess
        import sys

        script = ("import sys, eks_token; "
                  "sys.exit(any(it in sys.modules for it in ('botocore', 'boto3', 'kubernetes')))")
        self.assertEqual(subprocess.run([sys.executable, "-c", script]).returncode, 0)
        control = script.replace("eks_token", "botocore")
        self.assertEqual(subprocess.run([sys.executable, "-c", control]).returncode, 1)


if __name__ == "__main__":
    unittest.main()
