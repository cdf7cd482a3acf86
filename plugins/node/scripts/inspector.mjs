// The page: one file, with its style, its script and the component in it.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';

export async function buildInspector(root) {
  const source = (name) => readFileSync(join(root, 'inspector', name), 'utf8');
  const style = source('style.css');
  const script = await bundle(join(root, 'inspector/page.ts'));
  const page = fill(source('index.html'), {
    POLICY: policy(script, style),
    STYLE: style,
    SCRIPT: script,
  });
  mkdirSync(join(root, 'dist/inspector'), { recursive: true });
  writeFileSync(join(root, 'dist/inspector/index.html'), page);
}

async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    minify: true,
    charset: 'ascii',
    // The component as text in the script: a page that may connect to nothing cannot fetch it.
    loader: { '.wasm': 'binary' },
  });
  const script = outputFiles[0].text;
  if (script.includes('</script')) {
    throw new Error('the script would end the element that it stands in');
  }
  return script;
}

// Nothing but this very script and this very style, and no connection at all. `frame-ancestors` is
// not for meta elements: the README has the header that holds it.
function policy(script, style) {
  return [
    "default-src 'none'",
    `script-src '${hash(script)}' 'wasm-unsafe-eval'`,
    `style-src '${hash(style)}'`,
    'img-src data:',
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function hash(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function fill(template, values) {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
}
