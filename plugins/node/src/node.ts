/** For Node: the component is read from the file beside this one. */

import { readFileSync } from 'node:fs';

import { functionsOf } from './functions.js';
import { Signer } from './signer.js';

export * from './shared.js';

const file = new URL('./component/component.core.wasm', import.meta.url);

/** The component of this package. */
export const signer = new Signer(new WebAssembly.Module(readFileSync(file)));

export const { createToken, presign, deriveSigningKey, inspect, verify, execCredential } =
  functionsOf(signer);
