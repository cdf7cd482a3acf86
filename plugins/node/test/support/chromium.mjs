// A real Chromium, with a profile of its own, whose every request goes through a counter.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Otherwise what is on this machine is asked without the proxy.
  '--proxy-bypass-list=<-loopback>',
];

/** Starts it with `proxy` (an address) between it and the world; `close` ends it. */
export async function startChromium(proxy) {
  const profile = mkdtempSync(join(tmpdir(), 'eks-token-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: proxy === undefined ? FLAGS : [...FLAGS, `--proxy-server=${proxy}`],
  });
  context.setDefaultTimeout(60_000);
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
