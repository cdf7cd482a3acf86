/**
 * What goes into the signer and comes out of it: the records of `wit/token.wit`.
 *
 * Times are seconds since 1970-01-01T00:00:00Z. What comes out and is secret is behind a getter, so
 * that neither `console.log` nor `JSON.stringify` shows it.
 */

/** Good for one UTC day, one region and the service `sts`. It signs any STS request. */
export interface SigningKeyFields {
  /** 32 bytes: a secret. */
  readonly bytes: Uint8Array;
  readonly signingRegion: string;
  /** The UTC day as the number YYYYMMDD. */
  readonly day: number;
}

/** Who signs. Exactly one of `secretAccessKey` and `signingKeys` is given. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey?: string | undefined;
  /** In the place of the secret. Several, so that a host can carry two days' over midnight. */
  readonly signingKeys?: readonly SigningKeyFields[] | undefined;
  readonly sessionToken?: string | undefined;
  /** When AWS stops accepting them, if they are temporary. */
  readonly expiresAt?: number | undefined;
}

/**
 * The STS endpoint that the cluster's authenticator will call. `global` is `sts.amazonaws.com`,
 * signed for us-east-1, in partition `aws` only; `custom` is for a region newer than this version.
 */
export type StsEndpoint =
  | { readonly kind: 'regional'; readonly fips?: boolean; readonly dualStack?: boolean }
  | { readonly kind: 'global' }
  | { readonly kind: 'custom'; readonly host: string; readonly signingRegion: string };

/** What is asked for. */
export interface TokenRequest {
  /** Cluster name, or the id of a local cluster on Outposts. */
  readonly cluster: string;
  readonly region: string;
  readonly signedAt: number;
  /** The region's own where absent. */
  readonly endpoint?: StsEndpoint | undefined;
  /** X-Amz-Expires in seconds, 1 to 900; 60 where absent. The cluster ignores it. */
  readonly urlExpiresIn?: number | undefined;
  /** What the token claims to live, in seconds, at most 900; 840 where absent. */
  readonly lifetime?: number | undefined;
}

/** A remark that stops nothing. The codes may grow. */
export interface Finding {
  readonly code: string;
  readonly message: string;
}

/** What a token consists of, for `execCredential`. */
export interface TokenFields {
  readonly value: string;
  readonly expiresAt: number;
  readonly findings: readonly Finding[];
}

/** A bearer credential, to be kept secret until it expires. */
export class Token implements TokenFields {
  readonly #value: string;

  constructor(
    value: string,
    /** The earliest of the claimed lifetime and the end of the credentials. */
    readonly expiresAt: number,
    readonly findings: readonly Finding[],
  ) {
    this.#value = value;
  }

  /** `k8s-aws-v1.…` */
  get value(): string {
    return this.#value;
  }
}

/** The request as any HTTP client can send it. */
export class PresignedRequest {
  readonly #url: string;
  readonly #headers: ReadonlyArray<readonly [string, string]>;

  constructor(
    readonly method: string,
    url: string,
    headers: ReadonlyArray<readonly [string, string]>,
    /** X-Amz-Date + X-Amz-Expires. */
    readonly expiresAt: number,
  ) {
    this.#url = url;
    this.#headers = headers;
  }

  /** A secret as long as it is good. */
  get url(): string {
    return this.#url;
  }

  /** Must be sent as they stand: they are signed. */
  get headers(): ReadonlyArray<readonly [string, string]> {
    return this.#headers;
  }
}

/** A signing key that was derived here. */
export class SigningKey implements SigningKeyFields {
  readonly #bytes: Uint8Array;

  constructor(
    bytes: Uint8Array,
    readonly signingRegion: string,
    readonly day: number,
  ) {
    this.#bytes = bytes;
  }

  /** 32 bytes: a secret. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }
}

/** The answer of an exec credential plugin. */
export class ExecCredential {
  readonly #json: string;

  constructor(
    json: string,
    /** For the user to read, on standard error. */
    readonly findings: readonly Finding[],
  ) {
    this.#json = json;
  }

  /** For standard output. It holds the token. */
  get json(): string {
    return this.#json;
  }
}

/** What could be read. A token only proves that its cluster's name was signed. */
export interface Claims {
  readonly stsHost: string;
  readonly region: string | undefined;
  readonly partition: string | undefined;
  readonly accessKeyId: string | undefined;
  readonly signedAt: number | undefined;
  /** 15 minutes after `signedAt`. */
  readonly refusedFrom: number | undefined;
  readonly hasSessionToken: boolean;
  readonly signedHeaders: readonly string[];
}

/** The first of the server's checks that a token fails. */
export interface Rejection {
  /** The case's name in `wit/token.wit`, such as `cluster-not-signed`. */
  readonly code: string;
  /** What the case holds: a length, a parameter's name, a time. */
  readonly value: number | string | undefined;
  /** The reason as a sentence, with what to do where something can be done. */
  readonly message: string;
}

/** What is in a token, and who would refuse it. */
export interface Inspection {
  readonly claims: Claims | undefined;
  /** Absent where the server would ask STS. */
  readonly rejection: Rejection | undefined;
  /** What the server does not check and STS will refuse. */
  readonly findings: readonly Finding[];
}
