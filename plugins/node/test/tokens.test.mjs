// The same 40 tokens and the same verdicts as in every other language.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as api from 'eks-token';

import { vectors } from './support/files.mjs';
import { answerInspection, answerToken, endpointOf, keyOf } from './support/vectors.mjs';

test('each of the 40 inputs gives the one answer', () => {
  const all = vectors('tokens.json');
  assert.equal(all.length, 40);
  for (const vector of all) {
    assert.deepEqual(answerToken(api, vector), vector.expected, vector.name);
  }
});

test('each token gets the one verdict', () => {
  const all = vectors('inspections.json');
  assert.equal(all.length, 33);
  for (const vector of all) {
    assert.deepEqual(answerInspection(api, vector), vector.expected, vector.name);
  }
});

test('day keys are derived as they stand in the vectors', () => {
  const derived = vectors('tokens.json').filter((vector) => 'derived-from' in vector);
  assert.equal(derived.length, 4);
  for (const { request, credentials, 'derived-from': secret } of derived) {
    for (const expected of credentials.material['signing-keys'].map(keyOf)) {
      const endpoint = endpointOf(request.endpoint);
      const key = api.deriveSigningKey(secret, request.region, expected.day, endpoint);
      const { bytes, signingRegion, day } = key;
      assert.deepEqual({ bytes, signingRegion, day }, expected);
    }
  }
});
