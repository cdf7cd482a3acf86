// What the signer promises beyond its answers.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { inspect as show } from 'node:util';

import * as api from 'eks-token';

import { PACKAGE } from './support/files.mjs';

const SECRET = 'SECRETwJalrXUtnFEMIEXAMPLEKEY';
const SESSION = 'SESSIONIQoJb3EXAMPLE';
const CREDENTIALS = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: SECRET,
  sessionToken: SESSION,
};
const REQUEST = { cluster: 'my-cluster', region: 'eu-central-1', signedAt: 1_700_000_000 };

test('no answer shows a secret when it is printed or written as JSON', () => {
  const token = api.createToken(CREDENTIALS, REQUEST);
  const presigned = api.presign(CREDENTIALS, REQUEST);
  const key = api.deriveSigningKey(SECRET, 'eu-central-1', 20231114);
  const answer = api.execCredential(token);
  const shown = [token, presigned, key, answer].map(
    (it) => show(it, { showHidden: true, depth: 9 }) + JSON.stringify(it) + String(it),
  ).join();
  for (const secret of [token.value.slice(20, 40), presigned.url.slice(-64), answer.json, SESSION]) {
    assert.ok(!shown.includes(secret));
  }
  assert.ok(!shown.includes(String(key.bytes[0]) + ','));
  assert.match(shown, /1700000840/);
});

test('no error holds the value that was refused', () => {
  const refused = [
    [{ ...CREDENTIALS, secretAccessKey: `${SECRET}\n` }, REQUEST],
    [{ ...CREDENTIALS, secretAccessKey: `${SECRET}\ud800` }, REQUEST],
    [{ ...CREDENTIALS, secretAccessKey: SECRET.repeat(99) }, REQUEST],
    [{ ...CREDENTIALS, secretAccessKey: [SECRET] }, REQUEST],
    [{ ...CREDENTIALS, accessKeyId: `${SECRET}-` }, REQUEST],
    [{ ...CREDENTIALS, sessionToken: `${SESSION}\0` }, REQUEST],
    [CREDENTIALS, { ...REQUEST, cluster: `${SECRET}ü` }],
    [CREDENTIALS, { ...REQUEST, endpoint: { kind: SECRET } }],
    [CREDENTIALS, { ...REQUEST, lifetime: SECRET }],
  ];
  for (const [credentials, request] of refused) {
    assert.throws(
      () => api.createToken(credentials, request),
      (error) => {
        const told = show(error, { showHidden: true });
        assert.ok(error instanceof api.EksTokenError || error instanceof TypeError);
        assert.ok(!told.includes(SECRET) && !told.includes(SESSION), error.message);
        return true;
      },
    );
  }
});

test('a number that an argument cannot hold is out of range, and never cut down to one', () => {
  for (const lifetime of [-1, 1.5, 2 ** 32 + 5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => api.createToken(CREDENTIALS, { ...REQUEST, lifetime }), {
      name: 'InvalidArgumentError',
      code: 'lifetime',
      reason: 'out-of-range',
      remedy: '1 to 900 seconds',
    });
  }
  assert.throws(() => api.createToken(CREDENTIALS, { ...REQUEST, signedAt: 2 ** 64 }), {
    code: 'signed-at',
  });
});

test('misfits are told by name', () => {
  assert.throws(() => api.createToken(CREDENTIALS, { ...REQUEST, cluster: undefined }), /cluster must/);
  assert.throws(() => api.createToken({ accessKeyId: 'AKIDEXAMPLE' }, REQUEST), /give either/);
  const both = { ...CREDENTIALS, signingKeys: [] };
  assert.throws(() => api.createToken(both, REQUEST), /give either/);
  assert.throws(() => api.inspect('k8s-aws-v1.', 0, 'aws-mars'), { code: 'unknown-partition' });
});

test('every error of the contract has a code', () => {
  const wit = readFileSync(`${PACKAGE}../../wit/token.wit`, 'utf8');
  const body = wit.split('variant error {')[1].split('}')[0];
  const cases = [...body.matchAll(/^ {8}([a-z-]+)/gm)].map(([, name]) => name);
  assert.equal(cases.length, 17);
  const known = readFileSync(`${PACKAGE}dist/errors.d.ts`, 'utf8');
  for (const name of cases.filter((it) => it !== 'other')) {
    assert.match(known, new RegExp(`readonly '?${name}'?:|'${name}'`), name);
  }
});

test('other questions are answered', () => {
  const token = api.createToken(CREDENTIALS, REQUEST);
  assert.equal(api.verify(token.value, CREDENTIALS, 'my-cluster'), true);
  assert.equal(api.verify(token.value, CREDENTIALS, 'another'), false);
  const presigned = api.presign(CREDENTIALS, REQUEST);
  assert.deepEqual(presigned.headers, [['x-k8s-aws-id', 'my-cluster']]);
  assert.deepEqual([presigned.method, presigned.expiresAt], ['GET', 1_700_000_060]);
  const answer = api.execCredential(token, '{"apiVersion":"x"}');
  assert.equal(JSON.parse(answer.json).status.token, token.value);
  assert.deepEqual(answer.findings.map(({ code }) => code), ['exec-api-version-unknown']);
});

test('a key that was derived here outlives the instance that it came from', () => {
  const key = api.deriveSigningKey(SECRET, 'eu-central-1', 20231114);
  const before = [...key.bytes];
  api.createToken(CREDENTIALS, REQUEST);
  assert.deepEqual([...key.bytes], before);
  const withKey = { ...CREDENTIALS, secretAccessKey: undefined, signingKeys: [key] };
  const tokens = [withKey, CREDENTIALS].map((it) => api.createToken(it, REQUEST).value);
  assert.equal(tokens[0], tokens[1]);
});

test('another module fails at the call, and says nothing of its arguments', () => {
  const empty = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  const other = new api.Signer(empty);
  assert.throws(() => other.createToken(CREDENTIALS, REQUEST), { code: 'component-failed' });
  assert.ok(api.createToken(CREDENTIALS, REQUEST).value);
});

// jco's glue would log each call, had the build not taken that out.
test('nothing is logged, whatever the environment says', () => {
  const script = `
    import { createToken } from 'eks-token';
    createToken({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      { cluster: 'c', region: 'eu-central-1', signedAt: 1 });`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: PACKAGE,
    env: { ...process.env, JCO_DEBUG: '1' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.equal(output, '');
});

test('only the entry for Node names a module of Node', () => {
  const scripts = readdirSync(`${PACKAGE}dist`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'));
  const naming = scripts.filter((name) =>
    /from ?['"]node:|import\(['"]node:|require\(/.test(readFileSync(`${PACKAGE}dist/${name}`, 'utf8')));
  assert.deepEqual(naming, ['node.js']);
});
