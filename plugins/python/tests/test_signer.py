"""What the signer promises beyond its answers: secrets stay secret, and nothing it is given or
does can hurt the caller."""

import copy
import pickle
import traceback
import unittest
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, replace
from unittest.mock import patch

from wasmtime import wat2wasm

import eks_token
from eks_token import (
    ComponentFailed,
    Credentials,
    CredentialsExpired,
    EksTokenError,
    InvalidCluster,
    InvalidLifetime,
    InvalidSecretAccessKey,
    InvalidSignedAt,
    Signer,
    SigningKey,
    TokenRequest,
    UnknownPartition,
    _component,
)

SECRET = "SECRETwJalrXUtnFEMIEXAMPLEKEY"
SESSION = "SESSIONIQoJb3EXAMPLE"
CREDENTIALS = Credentials("ASIAIOSFODNN7EXAMPLE", SECRET, SESSION)
REQUEST = TokenRequest("my-cluster", "eu-central-1", 1_700_000_000)


class Secrecy(unittest.TestCase):
    signer = Signer()

    def test_no_repr_shows_a_secret(self) -> None:
        key = self.signer.derive_signing_key(SECRET, "eu-central-1", 20231114)
        token = self.signer.create_token(CREDENTIALS, REQUEST)
        presigned = self.signer.presign(CREDENTIALS, REQUEST)
        answer = self.signer.exec_credential(token)
        signature = presigned.url[-64:]
        shown = repr([CREDENTIALS, replace(CREDENTIALS, secret_access_key=None, signing_keys=(key,)),
                      key, token, presigned, answer])
        for secret in (SECRET, SESSION, token.value[20:40], signature, repr(key.bytes), answer.json):
            self.assertNotIn(secret, shown)
        # What may be seen is there.
        self.assertIn("ASIAIOSFODNN7EXAMPLE", shown)

    def test_no_error_holds_the_value_that_was_refused(self) -> None:
        refused = [
            (replace(CREDENTIALS, secret_access_key=SECRET + "\n"), REQUEST),
            (replace(CREDENTIALS, secret_access_key=SECRET + "\ud800"), REQUEST),
            (replace(CREDENTIALS, secret_access_key=SECRET * 99), REQUEST),
            (replace(CREDENTIALS, session_token=SESSION + "\x00"), REQUEST),
            (replace(CREDENTIALS, access_key_id=SECRET + "-"), REQUEST),
            (CREDENTIALS, replace(REQUEST, cluster=SECRET + "ü")),
            (replace(CREDENTIALS, secret_access_key=SECRET.encode()), REQUEST),
        ]
        for credentials, request in refused:
            with self.assertRaises((EksTokenError, TypeError)) as caught:
                self.signer.create_token(credentials, request)
            told = "".join(traceback.format_exception(caught.exception))
            self.assertNotIn(SECRET, told)
            self.assertNotIn(SESSION, told)

    def test_a_misfit_of_a_type_is_told_by_name(self) -> None:
        with self.assertRaisesRegex(TypeError, "cluster must be a str"):
            self.signer.create_token(CREDENTIALS, replace(REQUEST, cluster=None))
        with self.assertRaisesRegex(TypeError, "signed-at must be an int"):
            self.signer.create_token(CREDENTIALS, replace(REQUEST, signed_at=1.5))
        with self.assertRaisesRegex(TypeError, "either"):
            Credentials("AKIDEXAMPLE")
        with self.assertRaisesRegex(TypeError, "either"):
            Credentials("AKIDEXAMPLE", "secret", signing_keys=())

    def test_types_are_frozen(self) -> None:
        for value, field in [(CREDENTIALS, "session_token"), (REQUEST, "cluster")]:
            with self.assertRaises(FrozenInstanceError):
                setattr(value, field, "other")


class Errors(unittest.TestCase):
    signer = Signer()

    def test_a_number_that_no_argument_can_hold_is_out_of_range(self) -> None:
        for lifetime in (-1, 1 << 32, (1 << 32) + 5):
            with self.assertRaises(InvalidLifetime) as caught:
                self.signer.create_token(CREDENTIALS, replace(REQUEST, lifetime=lifetime))
            self.assertEqual(caught.exception.reason, "out-of-range")
        with self.assertRaises(InvalidSignedAt):
            self.signer.create_token(CREDENTIALS, replace(REQUEST, signed_at=1 << 64))

    def test_field_limit_and_remedy_can_be_read(self) -> None:
        with self.assertRaises(InvalidCluster) as caught:
            self.signer.create_token(CREDENTIALS, replace(REQUEST, cluster="c" * 257))
        error = caught.exception
        self.assertEqual((error.field, error.reason, error.limit), ("cluster", "too-long", 256))
        self.assertIn(error.remedy, str(error))
        with self.assertRaises(InvalidSecretAccessKey) as empty:
            self.signer.derive_signing_key("", "eu-central-1", 20231114)
        self.assertEqual(empty.exception.reason, "empty")
        with self.assertRaises(UnknownPartition):
            self.signer.inspect("k8s-aws-v1.", 0, "aws-mars")

    def test_errors_survive_being_copied_between_processes(self) -> None:
        for error in (InvalidCluster("too-long", 256), InvalidCluster("forbidden-byte", 0),
                      CredentialsExpired(5), UnknownPartition()):
            for same in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
                self.assertEqual((type(same), str(same)), (type(error), str(error)))

    def test_every_error_of_the_contract_has_a_class(self) -> None:
        wit = (eks_token_folder() / "wit" / "token.wit").read_text()
        cases = wit.split("variant error {")[1].split("}")[0]
        codes = [line.strip().rstrip(",").split("(")[0] for line in cases.splitlines()
                 if line.strip() and not line.strip().startswith("///")]
        self.assertEqual(len(codes), 17)
        for code in codes:
            made = eks_token.errors.error_of(code, ("empty", None) if code in
                                             eks_token.errors.INVALID else 5)
            self.assertEqual(made.code, code)


class Embedding(unittest.TestCase):
    def test_is_called_from_many_threads_at_once(self) -> None:
        signer = Signer()
        expected = [signer.create_token(CREDENTIALS, replace(REQUEST, cluster=f"c{it}")).value
                    for it in range(200)]
        with ThreadPoolExecutor(8) as pool:
            made = pool.map(
                lambda it: signer.create_token(CREDENTIALS, replace(REQUEST, cluster=f"c{it}")).value,
                range(200),
            )
        self.assertEqual(list(made), expected)

    def test_a_component_that_imports_anything_is_refused(self) -> None:
        for wat in ('(component (import "clock" (func)))', "(module)"):
            with self.assertRaises(ComponentFailed):
                Signer(wat2wasm(wat))
        with self.assertRaises(ComponentFailed):
            Signer(b"no component")

    def test_a_component_without_the_exports_is_told_at_the_call(self) -> None:
        with self.assertRaisesRegex(ComponentFailed, "exports no function"):
            Signer(wat2wasm("(component)")).inspect("k8s-aws-v1.", 0)

    def test_an_endless_loop_ends_and_the_next_call_succeeds(self) -> None:
        self.fails_with("FUEL", 1_000)

    def test_memory_is_limited_and_the_next_call_succeeds(self) -> None:
        self.fails_with("MEMORY_LIMIT", 65_536)

    def fails_with(self, limit: str, value: int) -> None:
        signer = Signer()
        with patch.object(_component, limit, value), self.assertRaises(ComponentFailed) as caught:
            signer.create_token(CREDENTIALS, REQUEST)
        self.assertNotIn(SECRET, "".join(traceback.format_exception(caught.exception)))
        self.assertTrue(signer.create_token(CREDENTIALS, REQUEST).value)

    def test_the_longest_arguments_stay_far_below_the_limits(self) -> None:
        longest = Credentials("A" * 128, "s" * 256, "t" * 16_384)
        request = replace(REQUEST, cluster="c" * 256)
        with patch.object(_component, "FUEL", _component.FUEL // 10), \
                patch.object(_component, "MEMORY_LIMIT", _component.MEMORY_LIMIT // 4):
            token = Signer().create_token(longest, request)
        self.assertEqual([it.code for it in token.findings], ["token-too-large"])

    def test_other_questions_are_answered(self) -> None:
        signer = Signer()
        token = signer.create_token(CREDENTIALS, REQUEST)
        self.assertTrue(signer.verify(token.value, CREDENTIALS, "my-cluster"))
        self.assertFalse(signer.verify(token.value, CREDENTIALS, "another"))
        presigned = signer.presign(CREDENTIALS, REQUEST)
        self.assertEqual((presigned.method, presigned.expires_at), ("GET", 1_700_000_060))
        self.assertEqual(presigned.headers, (("x-k8s-aws-id", "my-cluster"),))
        answer = signer.exec_credential(token, '{"apiVersion":"x"}')
        self.assertIn(token.value, answer.json)
        self.assertEqual([it.code for it in answer.findings], ["exec-api-version-unknown"])
        keys = (SigningKey(bytes(32), "eu-central-1", 20231114),)
        other = replace(CREDENTIALS, secret_access_key=None, signing_keys=keys)
        self.assertFalse(signer.verify(token.value, other, "my-cluster"))


def eks_token_folder():
    from vectors import FOLDER

    return FOLDER.parents[1]


if __name__ == "__main__":
    unittest.main()
