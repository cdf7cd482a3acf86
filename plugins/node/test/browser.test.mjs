// The package in a real browser, by its entry for browsers.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { startChromium } from './support/chromium.mjs';
import { PACKAGE, vectors } from './support/files.mjs';
import { serveFiles } from './support/servers.mjs';

let chromium;
let files;

before(async () => {
  const readme = readFileSync(`${PACKAGE}README.md`, 'utf8');
  const example = readme.match(/```html\n(.*?)```/s)[1];
  files = await serveFiles(PACKAGE, { '/blank.html': '<!doctype html>', '/example.html': example });
  chromium = await startChromium();
});

after(async () => {
  await chromium?.close();
  await files?.close();
});

async function open(path) {
  const page = await chromium.context.newPage();
  const errors = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.goto(`${files.address}${path}`);
  return { page, errors };
}

test('each of the 40 inputs gives the one answer in Chromium', async () => {
  const { page, errors } = await open('/blank.html');
  const all = vectors('tokens.json');
  const answers = await page.evaluate(answerInBrowser, ['answerToken', all]);
  assert.equal(answers.length, 40);
  all.forEach((vector, index) => assert.deepEqual(answers[index], vector.expected, vector.name));
  assert.deepEqual(errors, []);
});

test('each token gets the one verdict in Chromium', async () => {
  const { page } = await open('/blank.html');
  const all = vectors('inspections.json');
  const answers = await page.evaluate(answerInBrowser, ['answerInspection', all]);
  assert.equal(answers.length, 33);
  all.forEach((vector, index) => assert.deepEqual(answers[index], vector.expected, vector.name));
});

test('a provider renews in Chromium', async () => {
  const { page } = await open('/blank.html');
  const asked = await page.evaluate(async () => {
    const { signer, TokenProvider } = await import('/dist/browser.js');
    let [now, asked] = [1_700_000_000, 0];
    const credentials = () => {
      asked += 1;
      return { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    };
    const provider = new TokenProvider({
      signer, credentials, cluster: 'c', region: 'eu-central-1', clock: () => now,
    });
    await Promise.all([provider.token(), provider.token()]);
    now += 800;
    await provider.token();
    return asked;
  });
  assert.equal(asked, 2);
});

test('the example of the README runs as it stands', async () => {
  const { page, errors } = await open('/example.html');
  await page.getByText('missing-prefix').waitFor();
  assert.deepEqual(errors, []);
});

/** Runs in the page. */
async function answerInBrowser([name, all]) {
  const api = await import('/dist/browser.js');
  const answers = await import('/test/support/vectors.mjs');
  return all.map((vector) => answers[name](api, vector));
}
