"""The same 40 tokens and the same verdicts as in every other language."""

import unittest

from eks_token import EksTokenError, Signer
from vectors import case_of, credentials_of, endpoint_of, key_of, load, request_of


class Tokens(unittest.TestCase):
    signer = Signer()

    def test_each_of_the_40_inputs_gives_the_one_answer(self) -> None:
        vectors = load("tokens.json")
        self.assertEqual(len(vectors), 40)
        for vector in vectors:
            with self.subTest(vector["name"]):
                self.assertEqual(self.answer(vector), vector["expected"])

    def answer(self, vector):
        credentials = credentials_of(vector["credentials"])
        try:
            token = self.signer.create_token(credentials, request_of(vector["request"]))
        except EksTokenError as error:
            return {"error": case_of(error), "message": str(error)}
        codes = [finding.code for finding in token.findings]
        return {"token": token.value, "expires-at": token.expires_at, "findings": codes}

    def test_day_keys_are_derived_as_they_stand_in_the_vectors(self) -> None:
        derived = 0
        for vector in load("tokens.json"):
            if "derived-from" not in vector:
                continue
            endpoint = endpoint_of(vector["request"]["endpoint"])
            for key in map(key_of, vector["credentials"]["material"]["signing-keys"]):
                region = vector["request"]["region"]
                secret = vector["derived-from"]
                self.assertEqual(
                    self.signer.derive_signing_key(secret, region, key.day, endpoint), key
                )
                derived += 1
        self.assertEqual(derived, 5)


class Inspections(unittest.TestCase):
    signer = Signer()

    def test_each_token_gets_the_one_verdict(self) -> None:
        vectors = load("inspections.json")
        self.assertEqual(len(vectors), 33)
        for vector in vectors:
            with self.subTest(vector["name"]):
                self.assertEqual(self.answer(vector), vector["expected"])

    def answer(self, vector):
        inspection = self.signer.inspect(vector["token"], vector["now"], vector["partition"])
        claims, rejection = inspection.claims, inspection.rejection
        return {
            "claims": claims and {
                "sts-host": claims.sts_host,
                "region": claims.region,
                "partition": claims.partition,
                "access-key-id": claims.access_key_id,
                "signed-at": claims.signed_at,
                "refused-from": claims.refused_from,
                "has-session-token": claims.has_session_token,
                "signed-headers": list(claims.signed_headers),
            },
            "server": rejection and {
                "case": rejection.code,
                "value": rejection.value,
                "message": rejection.message,
            },
            "findings": [finding.code for finding in inspection.findings],
        }


if __name__ == "__main__":
    unittest.main()
