// Servers on this machine: one for files, one that counts what a browser asks of the world.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** Serves `pages` (texts by path), and the files below `root` where one is given. */
export async function serveFiles(root, pages = {}) {
  return listen((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    try {
      const body = pages[pathname] ?? readFileSync(join(root, normalize(pathname)));
      const type = TYPES[extname(pathname)] ?? TYPES['.html'];
      response.writeHead(200, { 'Content-Type': type }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
}

/**
 * What Chromium itself asks of its makers, whatever page it shows, and no flag stops it all. A page
 * that did would be seen: the tests also list each request of the page as the browser tells it.
 */
const BROWSERS_OWN = /^[a-z.-]+\.(google|googleapis|gvt1)\.com:443$/;

/**
 * A proxy that lets nothing through, and writes down everything that it is asked: plain requests,
 * and tunnels for https and WebSockets. Only `pages` (texts by address) it answers by itself.
 */
export async function countingProxy(pages = {}) {
  const asked = [];
  const waiting = [];
  const note = (what) => {
    asked.push(what);
    waiting.splice(0).forEach((resolve) => resolve());
  };
  const proxy = await listen((request, response) => {
    const page = pages[request.url];
    if (page === undefined) {
      note(`${request.method} ${request.url}`);
    }
    response.writeHead(200, { 'Content-Type': TYPES['.html'], 'Access-Control-Allow-Origin': '*' });
    // Without that, a page of it would ask for an icon.
    response.end(page ?? '<link rel="icon" href="data:,">');
  });
  proxy.server.on('connect', (request, socket) => {
    if (!BROWSERS_OWN.test(request.url)) {
      note(`CONNECT ${request.url}`);
    }
    socket.on('error', () => {});
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  return {
    ...proxy,
    asked,
    /** Resolves when something is asked. */
    next: () => new Promise((resolve) => waiting.push(resolve)),
  };
}

async function listen(handler) {
  const server = createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    server,
    address: `http://127.0.0.1:${server.address().port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
