/** The methods of a signer as functions. */

import type { Signer } from './signer.js';

export function functionsOf(signer: Signer): Functions {
  return {
    createToken: signer.createToken.bind(signer),
    presign: signer.presign.bind(signer),
    deriveSigningKey: signer.deriveSigningKey.bind(signer),
    inspect: signer.inspect.bind(signer),
    verify: signer.verify.bind(signer),
    execCredential: signer.execCredential.bind(signer),
  };
}

type Functions = Pick<
  Signer,
  'createToken' | 'presign' | 'deriveSigningKey' | 'inspect' | 'verify' | 'execCredential'
>;
