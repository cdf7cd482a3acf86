// A hostile page in a real Chromium against `eks-token proxy`, whose rules allow everything here: who
// may call is all that is in the way. From a page elsewhere, and from a page whose name has come to
// stand for 127.0.0.1 (DNS rebinding). No request may reach the cluster.
//
//   node hostile.js EKS_TOKEN CHROMIUM FOLDER     # FOLDER has ca.pem, certificate.pem, key.pem

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import path from "node:path";
import readline from "node:readline";
import { chromium } from "playwright-core";
import { attack } from "./attacks.js";

const [eksToken, executablePath, folder] = process.argv.slice(2);
const EVIL = "evil.example";

/** A server that keeps what it is asked, and speaks WebSocket as far as its handshake. */
async function recorder(create) {
  const seen = [];
  const server = create((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    request.resume();
    // It lets everyone in: whoever reaches it has won.
    response.setHeader("access-control-allow-origin", request.headers.origin ?? "*");
    response.setHeader("access-control-allow-credentials", "true");
    response.setHeader("access-control-allow-headers", "content-type");
    response.setHeader("access-control-allow-methods", "GET, POST, DELETE");
    response.setHeader("content-type", "application/json");
    response.end("{}");
  });
  server.on("upgrade", (request, socket) => {
    seen.push(`UPGRADE ${request.url}`);
    const text = request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    const accept = createHash("sha1").update(text).digest("base64");
    socket.on("error", () => {});
    socket.end(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        `Sec-WebSocket-Protocol: v5.channel.k8s.io\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { seen, server, port: server.address().port };
}

const read = (name) => readFileSync(path.join(folder, name));

async function proxyBefore(cluster) {
  const everything = "GET,HEAD,OPTIONS,POST,PUT,PATCH,DELETE /**";
  const options = ["--cluster-name", "c", "--region", "eu-central-1", "--listen", "127.0.0.1:0"];
  options.push("--server", `https://127.0.0.1:${cluster.port}`, "--allow", everything);
  options.push("--certificate-authority", path.join(folder, "ca.pem"));
  options.push("--interactive", "exec,attach,port-forward,proxy", "--metrics-listen", "127.0.0.1:0");
  const env = {
    HOME: folder,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ACCESS_KEY_ID: "ASIAIOSFODNN7EXAMPLE",
    AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  };
  const child = spawn(eksToken, ["proxy", ...options], { env, stdio: ["ignore", "ignore", "pipe"] });
  const ports = {};
  for await (const line of readline.createInterface({ input: child.stderr })) {
    const found = line.match(/^(listening|metrics) on http:\/\/127\.0\.0\.1:(\d+)/);
    if (!found) console.error(line);
    else ports[found[1]] = Number(found[2]);
    if (ports.metrics) break;
  }
  child.stderr.resume();
  return { child, port: ports.listening, metrics: ports.metrics };
}

async function refusals(proxy) {
  const text = await (await fetch(`http://127.0.0.1:${proxy.metrics}/metrics`)).text();
  const counts = [...text.matchAll(/^eks_token_proxy_refusals_total\{reason="([^"]+)"\} (\d+)/gm)];
  return Object.fromEntries(counts.map(([, reason, count]) => [reason, Number(count)]));
}

/** Opens a page that stands at `url`, and lets it attack `target`. */
async function attackFrom(context, url, target) {
  const page = await context.newPage();
  // The page itself comes from its author; all that it sends goes where its names lead.
  const html = "<!doctype html><title>hostile</title><body></body>";
  const body = { contentType: "text/html", body: html };
  await page.route(url, (route) => route.fulfill(body), { times: 1 });
  await page.goto(url);
  const tried = await page.evaluate(attack, target);
  await page.close();
  // A link that somebody follows from there.
  const second = await context.newPage();
  await second.route(url, (route) => route.fulfill(body), { times: 1 });
  await second.goto(url);
  await second.evaluate((to) => (location.href = to), `${target}/api?a=link`).catch(() => {});
  await second.waitForURL(/a=link/).catch(() => {});
  await second.close();
  return [...tried, "link"];
}

/** All pages against one port, by each of its names. */
async function attackAll(context, port) {
  const elsewhere = `http://${EVIL}:1234/`;
  let tried = [];
  for (const host of ["127.0.0.1", "localhost"]) {
    const names = await attackFrom(context, elsewhere, `http://${host}:${port}`);
    tried.push(...names.map((name) => `${name} to ${host}`));
  }
  const rebound = `http://${EVIL}:${port}`;
  const names = await attackFrom(context, `${rebound}/`, rebound);
  return [...tried, ...names.map((name) => `${name} after DNS rebinding`)];
}

const tls = { key: read("key.pem"), cert: read("certificate.pem") };
const cluster = await recorder((answer) => https.createServer(tls, answer));
const open = await recorder((answer) => http.createServer(answer));
const proxy = await proxyBefore(cluster);
const profile = mkdtempSync(path.join(folder, "profile-"));
const context = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // This browser has begun to ask people before a page may call loopback; others do not.
    "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets,BlockInsecurePrivateNetworkRequests",
    `--host-resolver-rules=MAP ${EVIL} 127.0.0.1`,
  ],
});
try {
  const tried = await attackAll(context, proxy.port);
  assert.deepEqual(cluster.seen, [], "a request reached the cluster");
  const refused = await refusals(proxy);
  const sum = Object.values(refused).reduce((sum, count) => sum + count, 0);
  console.log(`${tried.length} attacks, ${sum} requests refused ${JSON.stringify(refused)}, 0 passed`);
  assert.ok(sum >= tried.length, "some attacks never reached the proxy");

  // The negative control: a server that checks nobody sees each of them.
  await attackAll(context, open.port);
  assert.ok(open.seen.length >= tried.length, `of ${tried.length} only ${open.seen.length} are seen`);
  assert.ok(open.seen.some((line) => line.startsWith("UPGRADE")), "no handshake is seen");
  assert.ok(open.seen.some((line) => line.startsWith("DELETE")), "no DELETE is seen");
  console.log(`the same before a server that checks nobody: ${open.seen.length} requests seen`);

  // And the proxy is not merely broken.
  const answer = await new Promise((resolve, reject) => {
    http.get({ host: "127.0.0.1", port: proxy.port, path: "/api" }, resolve).on("error", reject);
  });
  assert.equal(answer.statusCode, 200);
  assert.deepEqual(cluster.seen, ["GET /api"]);
} finally {
  await context.close();
  proxy.child.kill();
  for (const { server } of [cluster, open]) {
    server.closeAllConnections();
    server.close();
  }
}
