/** Makes and reads tokens. */

import { instantiate, type Root } from './component/component.js';
import * as convert from './convert.js';
import { ComponentFailedError, EksTokenError, errorOf, type ComponentError } from './errors.js';
import type {
  Credentials,
  ExecCredential,
  Inspection,
  PresignedRequest,
  SigningKey,
  StsEndpoint,
  Token,
  TokenFields,
  TokenRequest,
} from './types.js';

/**
 * The component, compiled once. Each call gets a fresh instance, which imports nothing; what a call
 * leaves behind goes with it.
 *
 * Every method is pure: same arguments, same answer. Each throws an `EksTokenError`, or a
 * `TypeError` that names the argument.
 */
export class Signer {
  readonly #module: WebAssembly.Module;

  /** `module` is the component's core module, `eks-token/component.core.wasm`. */
  constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  /** Makes a token. */
  createToken(credentials: Credentials, request: TokenRequest): Token {
    const who = convert.lowerCredentials(credentials);
    const what = convert.lowerRequest(request);
    return convert.liftToken(this.#call(({ signer }) => signer.createToken(who, what)));
  }

  /** Makes the request that a token holds, for any HTTP client to send. */
  presign(credentials: Credentials, request: TokenRequest): PresignedRequest {
    const who = convert.lowerCredentials(credentials);
    const what = convert.lowerRequest(request);
    return convert.liftPresigned(this.#call(({ signer }) => signer.presign(who, what)));
  }

  /** Derives the key of a UTC day (YYYYMMDD) and a region, for a host without the secret. */
  deriveSigningKey(
    secretAccessKey: string,
    region: string,
    day: number,
    endpoint?: StsEndpoint,
  ): SigningKey {
    const secret = convert.text(secretAccessKey, 'secretAccessKey');
    const where = convert.text(region, 'region');
    const which = convert.lowerEndpoint(endpoint);
    const when = convert.u32(day, 'signing-key');
    return this.#call(({ signer }) =>
      convert.liftKey(signer.deriveSigningKey(secret, where, which, when)),
    );
  }

  /** Reads a token as the server will. `partition` is the cluster's, where it is known. */
  inspect(token: string, now: number, partition?: string): Inspection {
    const what = convert.text(token, 'token');
    const where = convert.optional(partition, (it) => convert.text(it, 'partition'));
    const when = convert.seconds(now, 'signed-at');
    return convert.liftInspection(
      this.#call(({ inspector }) => inspector.inspect(what, where, when)),
    );
  }

  /** Was this token signed for this cluster with these credentials? */
  verify(token: string, credentials: Credentials, cluster: string): boolean {
    const what = convert.text(token, 'token');
    const who = convert.lowerCredentials(credentials);
    const where = convert.text(cluster, 'cluster');
    return this.#call(({ inspector }) => inspector.verify(what, who, where));
  }

  /** Wraps a token for kubectl. `execInfo` is the value of KUBERNETES_EXEC_INFO. */
  execCredential(token: TokenFields, execInfo?: string): ExecCredential {
    const what = convert.lowerToken(token);
    const info = convert.optional(execInfo, (it) => convert.text(it, 'execInfo'));
    return convert.liftExecCredential(
      this.#call(({ exec }) => exec.execCredential(what, info)),
    );
  }

  #call<T>(use: (component: Root) => T): T {
    try {
      return use(instantiate(() => this.#module, {}));
    } catch (error) {
      throw translate(error);
    }
  }
}

/** What jco throws: an error of the contract in `payload`, or whatever went wrong. */
function translate(error: unknown): EksTokenError {
  const payload = (error as { payload?: ComponentError } | undefined)?.payload;
  // The text of anything else is of no use to a caller, and might hold a value.
  return payload?.tag === undefined ? new ComponentFailedError() : errorOf(payload);
}
