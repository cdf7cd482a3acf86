// The examples of README.md for Node, run as they stand, and the types as a program in TypeScript
// sees them. The example for browsers is run in browser.test.mjs.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';

import { PACKAGE } from './support/files.mjs';

const ENVIRONMENT = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };

test('every example runs and prints what it says', () => {
  const readme = readFileSync(`${PACKAGE}README.md`, 'utf8');
  const examples = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, text]) => text);
  const expected = [/^k8s-aws-v1\.\S+\n$/, /^sts\.eu-central-1\.amazonaws\.com a server would ask/];
  assert.equal(examples.length, expected.length);
  mkdirSync(`${PACKAGE}dist/examples`, { recursive: true });
  examples.forEach((text, index) => {
    // Within the package, so that its name leads to it.
    const file = `${PACKAGE}dist/examples/${index}.mjs`;
    writeFileSync(file, text);
    const env = { PATH: process.env.PATH, ...ENVIRONMENT };
    assert.match(execFileSync(process.execPath, [file], { env, encoding: 'utf8' }), expected[index]);
  });
});

test('a program in TypeScript gets types, and is told of its mistakes', () => {
  const tsc = `${PACKAGE}node_modules/typescript/bin/tsc`;
  const run = (name) => execFileSync(
    process.execPath,
    [tsc, '--ignoreConfig', '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib',
      'es2022,dom', '--types', '', `${PACKAGE}test/types/${name}.ts`],
    { encoding: 'utf8', cwd: PACKAGE },
  );
  assert.equal(run('right'), '');
  assert.throws(() => run('wrong'), ({ stdout }) => {
    assert.equal(stdout.match(/error TS/g).length, 3, stdout);
    return true;
  });
});
