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
 * A proxy that lets nothing through, and writes down everything that
 * it is asked: plain requests, tunnels for https and WebSockets.
 */
export async function countingProxy() {
  const asked = [];
  const waiting = [];
  const note = (what) => {
    asked.push(what);
    waiting.splice(0).forEach((resolve) => resolve());
  };
  const proxy = await listen((request, response) => {
    note(`${request.method} ${request.url}`);
    response.writeHead(204, { 'Access-Control-Allow-Origin': '*' }).end();
  });
  proxy.server.on('connect', (request, socket) => {
    note(`CONNECT ${request.url}`);
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
