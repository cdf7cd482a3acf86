// Makes dist/: the component taken apart by jco, the package by TypeScript, the page by esbuild.
// `npm run build`; needs target/eks_token_signer.wasm, or a file that EKS_TOKEN_COMPONENT names.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// The part of jco that takes components apart: the whole of it brings ten times as many packages.
import { transpileBytes } from '@bytecodealliance/jco-transpile';
import { transformSync } from 'esbuild';

import { buildInspector } from './inspector.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const component =
  process.env.EKS_TOKEN_COMPONENT ?? join(root, '../../target/eks_token_signer.wasm');

async function build() {
  if (!existsSync(component)) {
    throw new Error('the component is missing; run `make component` first');
  }
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  rmSync(join(root, 'src/component'), { recursive: true, force: true });
  await takeApart();
  compile();
  cpSync(join(root, 'src/component'), join(root, 'dist/component'), { recursive: true });
  await buildInspector(root);
}

// Into src/, where TypeScript looks for its types.
async function takeApart() {
  const { files } = await transpileBytes(readFileSync(component), {
    name: 'component',
    instantiation: { tag: 'sync' },
    nodejsCompat: false,
    namespacedExports: false,
    // Errors as instances of Error with the contract's own in `payload`.
    noComponentErrorWrapping: false,
  });
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, 'src/component', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, name.endsWith('.js') ? trim(content) : content);
  }
}

// Two things are taken out of jco's glue. It logs its calls where the environment says JCO_DEBUG, and
// there are secrets in calls. And it prepares every export to be called asynchronously, which none of
// ours is; where the engine cannot do that, V8 parses the whole glue anew to word the error that is
// then caught, and an instance takes ten milliseconds in the place of a fraction of one.
function trim(content) {
  const { code } = transformSync(Buffer.from(content).toString(), {
    format: 'esm',
    minify: true,
    banner: 'const synchronous = (exported) => exported;',
    define: {
      'globalThis.process.env.JCO_DEBUG': 'undefined',
      'WebAssembly.promising': 'synchronous',
    },
  });
  if (/JCO_DEBUG|promising/.test(code)) {
    throw new Error('what is to be taken out of the glue is still there; look at what became of it');
  }
  return code;
}

function compile() {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  for (const project of ['.', 'inspector']) {
    execFileSync(process.execPath, [tsc, '--project', join(root, project)], { stdio: 'inherit' });
  }
}

await build();
