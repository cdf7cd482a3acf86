// The page for everyone: axe, the keyboard alone, a screen reader's view, a narrow telephone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import axe from 'axe-core';

import { startChromium } from './support/chromium.mjs';
import { PAGE, vectors } from './support/files.mjs';

const ALL = vectors('inspections.json');
const named = (name) => ALL.find((vector) => vector.name === name);
const STATES = [undefined, named('good'), named('unlisted-parameter'), named('another-prefix')];
const WIDTHS = [320, 375, 1280];

let chromium;

before(async () => {
  chromium = await startChromium();
});

after(async () => {
  await chromium?.close();
});

async function open({ width = 1280, scheme = 'light', vector } = {}) {
  const page = await chromium.context.newPage();
  await page.setViewportSize({ width, height: 800 });
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  await page.clock.setFixedTime(named('good').now * 1000);
  await page.goto(pathToFileURL(PAGE).href);
  if (vector !== undefined) {
    await show(page, vector);
  }
  return page;
}

async function show(page, vector) {
  await page.locator('#token').fill(vector?.token ?? '');
  if (vector !== undefined) {
    await page.locator('#status .verdict').waitFor();
  }
}

async function violations(page) {
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(' ')}`);
}

for (const scheme of ['light', 'dark']) {
  for (const width of WIDTHS) {
    test(`axe finds nothing: ${scheme}, ${width} pixels, before and after a verdict`, async () => {
      const page = await open({ width, scheme });
      await page.evaluate(axe.source);
      for (const vector of STATES) {
        await show(page, vector);
        assert.deepEqual(await violations(page), [], vector?.name);
      }
      await page.close();
    });
  }
}

test('axe does find a faint text and a field without a label', async () => {
  const page = await open({ vector: named('good') });
  await page.evaluate(axe.source);
  await page.evaluate(() => {
    document.querySelector('#facts dt').style.color = '#bbb';
    document.querySelector('label').remove();
    document.getElementById('token').removeAttribute('placeholder');
  });
  const found = (await violations(page)).map((it) => it.split(':')[0]);
  assert.ok(found.includes('color-contrast') && found.includes('label'), found);
  await page.close();
});

test('nothing is wider than a telephone of 320 pixels', async () => {
  const page = await open({ width: 320 });
  for (const vector of [undefined, ...ALL]) {
    await show(page, vector);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 320, `${vector?.name}: ${width}`);
  }
  await page.close();
});

test('the keyboard alone is enough, and its place is always to be seen', async () => {
  const page = await open();
  const focused = () => page.evaluate(() => {
    const style = getComputedStyle(document.activeElement);
    assertVisible(style);
    return document.activeElement.id || document.activeElement.textContent;
    function assertVisible({ outlineStyle, outlineWidth }) {
      if (outlineStyle === 'none' || outlineWidth === '0px') {
        throw new Error('the focus is not to be seen');
      }
    }
  });
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'token');
  await page.keyboard.insertText(named('good').token);
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Inspect');
  await page.keyboard.press('Enter');
  assert.match(await page.getByRole('status').textContent(), /^No fault/);
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'clear');
  await page.keyboard.press('Space');
  assert.equal(await focused(), 'token');
  assert.equal(await page.locator('#token').inputValue(), '');
  assert.equal(await page.getByRole('status').textContent(), '');
  assert.equal(await page.locator('#report').isVisible(), false);
  await page.keyboard.press('Shift+Tab');
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
});

test('a screen reader finds headings in their order, a named field and a polite verdict', async () => {
  const page = await open({ vector: named('good') });
  const headings = await page.getByRole('heading').allTextContents();
  assert.deepEqual(headings, ['EKS token inspector', 'Paste a token', 'Life', 'The server', 'STS',
    'In the token', 'What cannot be seen here']);
  const field = page.getByRole('textbox', { name: 'Token, or the output of get-token' });
  assert.equal(await field.count(), 1);
  for (const [name, value] of [['autocomplete', 'off'], ['spellcheck', 'false']]) {
    assert.equal(await field.getAttribute(name), value);
  }
  const live = page.getByRole('status');
  assert.equal(await live.getAttribute('aria-atomic'), 'true');
  // It must be there before it speaks.
  const empty = await open();
  assert.equal(await empty.getByRole('status').count(), 1);
});

test('whoever wants no motion gets none', async () => {
  const page = await open({ vector: named('good') });
  const transition = () =>
    page.locator('#left').evaluate((bar) => getComputedStyle(bar).transitionProperty);
  assert.equal(await transition(), 'none');
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  assert.equal(await transition(), 'transform');
});
