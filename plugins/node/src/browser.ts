/** For browsers: the component is fetched from beside this file. Bundlers know this form. */

import { functionsOf } from './functions.js';
import { Signer } from './signer.js';

export * from './shared.js';

const response = await fetch(new URL('./component/component.core.wasm', import.meta.url));
if (!response.ok) {
  throw new Error(`the component could not be fetched: status ${response.status}`);
}

/** The component of this package. */
export const signer = new Signer(await WebAssembly.compile(await response.arrayBuffer()));

export const { createToken, presign, deriveSigningKey, inspect, verify, execCredential } =
  functionsOf(signer);
