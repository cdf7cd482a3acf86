// A token that outlives its credentials, its own end, and those who wait for it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { signer, TokenProvider } from 'eks-token';

const NOW = 1_700_000_000;

/** Counts how often it is asked, and fails when told to. */
function source({ expiresIn } = {}) {
  const it = { now: NOW, asked: 0, fails: false, gate: Promise.resolve() };
  it.provider = new TokenProvider({
    signer,
    cluster: 'my-cluster',
    region: 'eu-central-1',
    clock: () => it.now + 0.5,
    async credentials() {
      it.asked += 1;
      await it.gate;
      if (it.fails) {
        throw new Error('no credentials');
      }
      const expiresAt = expiresIn === undefined ? undefined : it.now + expiresIn;
      return { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', expiresAt };
    },
  });
  it.value = async () => (await it.provider.token()).value;
  return it;
}

test('a token is kept until a minute before its end', async () => {
  const it = source();
  const first = await it.value();
  it.now = NOW + 840 - 61;
  assert.equal(await it.value(), first);
  it.now = NOW + 840 - 60;
  assert.notEqual(await it.value(), first);
  assert.equal(it.asked, 2);
});

test('a token that lives shortly is renewed in its last quarter', async () => {
  const it = source({ expiresIn: 100 });
  assert.equal((await it.provider.token()).expiresAt, NOW + 100);
  it.now = NOW + 74;
  await it.value();
  assert.equal(it.asked, 1);
  it.now = NOW + 75;
  await it.value();
  assert.equal(it.asked, 2);
});

test('all who wait get one token', async () => {
  const it = source();
  let open;
  it.gate = new Promise((resolve) => { open = resolve; });
  const waiting = Array.from({ length: 64 }, () => it.value());
  open();
  assert.equal(new Set(await Promise.all(waiting)).size, 1);
  assert.equal(it.asked, 1);
});

test('a failure ahead of the end does no harm, and one behind it is told', async () => {
  const it = source();
  const first = await it.value();
  it.now = NOW + 839;
  it.fails = true;
  assert.equal(await it.value(), first);
  it.now = NOW + 840;
  await assert.rejects(it.value(), /no credentials/);
  it.fails = false;
  assert.notEqual(await it.value(), first);
});

test('credentials that have ended are an error', async () => {
  await assert.rejects(source({ expiresIn: -1 }).value(), { code: 'credentials-expired', at: NOW - 1 });
});

test('a refused token is replaced once', async () => {
  const it = source();
  const first = await it.value();
  it.now += 1;
  it.provider.discard('another');
  assert.equal(await it.value(), first);
  it.provider.discard(first);
  const second = await it.value();
  assert.notEqual(second, first);
  it.provider.discard(first);
  assert.equal(await it.value(), second);
  assert.equal(it.asked, 2);
});
