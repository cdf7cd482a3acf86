/** Tokens for a program that outlives them. */

import type { Signer } from './signer.js';
import type { Credentials, StsEndpoint, Token } from './types.js';

/**
 * How long before its end a token is renewed, in seconds; a quarter of its life where that is less.
 * The same as in the Rust host.
 */
const RENEW_AHEAD = 60;

export interface TokenProviderOptions {
  readonly signer: Signer;
  readonly cluster: string;
  readonly region: string;
  /** Called for each new token: it should renew what it holds. */
  readonly credentials: () => Credentials | Promise<Credentials>;
  readonly endpoint?: StsEndpoint | undefined;
  /** What a token claims to live, in seconds, at most 900; 840 where absent. */
  readonly lifetime?: number | undefined;
  /** Seconds since 1970-01-01T00:00:00Z; the system's where absent. */
  readonly clock?: (() => number) | undefined;
}

interface Held {
  readonly token: Token;
  readonly renewAt: number;
}

/**
 * Keeps a token for one cluster and renews it ahead of its end, once for all who wait. Where none
 * can be made ahead of time, the last one goes on until its end.
 */
export class TokenProvider {
  readonly #options: TokenProviderOptions;
  #held: Held | undefined;
  #renewal: Promise<Token> | undefined;

  constructor(options: TokenProviderOptions) {
    this.#options = options;
  }

  /** A token that is good for a while yet. */
  async token(): Promise<Token> {
    const held = this.#held;
    if (held !== undefined && this.#now() < held.renewAt) {
      return held.token;
    }
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = undefined;
    });
    try {
      return await this.#renewal;
    } catch (error) {
      if (held !== undefined && held === this.#held && this.#now() < held.token.expiresAt) {
        return held.token;
      }
      throw error;
    }
  }

  /**
   * Forgets the token `refused`, which a cluster did not take. The next call makes another. Has no
   * effect where it was renewed since.
   */
  discard(refused: string): void {
    if (this.#held?.token.value === refused) {
      this.#held = undefined;
    }
  }

  async #renew(): Promise<Token> {
    const { signer, cluster, region, endpoint, lifetime } = this.#options;
    const credentials = await this.#options.credentials();
    // After the credentials, which may take their time.
    const signedAt = this.#now();
    const request = { cluster, region, endpoint, lifetime, signedAt };
    const token = signer.createToken(credentials, request);
    const ahead = Math.min(RENEW_AHEAD, (token.expiresAt - signedAt) / 4);
    this.#held = { token, renewAt: token.expiresAt - ahead };
    return token;
  }

  #now(): number {
    return Math.floor(this.#options.clock?.() ?? Date.now() / 1000);
  }
}
