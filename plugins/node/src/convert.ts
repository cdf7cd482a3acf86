/**
 * Between this package's types and those that jco generates from `wit/token.wit`.
 *
 * Going in, every value is checked for what the WIT type can hold: jco would cut a large number
 * down to 32 bits in silence, and some of its errors show values.
 */

import type * as Exec from './component/interfaces/eks-token-exec.js';
import type * as Inspector from './component/interfaces/eks-token-inspector.js';
import type * as Types from './component/interfaces/eks-token-types.js';
import { InvalidArgumentError, type ArgumentCode } from './errors.js';
import { rejectionMessage } from './rejections.js';
import {
  ExecCredential,
  PresignedRequest,
  SigningKey,
  Token,
  type Claims,
  type Credentials,
  type Finding,
  type Inspection,
  type Rejection,
  type SigningKeyFields,
  type StsEndpoint,
  type TokenFields,
  type TokenRequest,
} from './types.js';

/** `value`, if it is text. `name` is told where it is not. */
export function text(value: unknown, name: string): string {
  if (typeof value !== 'string') {
    throw new TypeError(`${name} must be a string`);
  }
  return value;
}

/** `value`, if it is a whole number of at most `most`. */
export function whole(value: unknown, code: ArgumentCode, most: number): number {
  if (typeof value !== 'number') {
    throw new TypeError(`${code} must be a number`);
  }
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new InvalidArgumentError(code, 'out-of-range');
  }
  return value;
}

const U32 = 0xffff_ffff;

/** Seconds since 1970 as WIT has them. */
export function seconds(value: unknown, code: ArgumentCode): bigint {
  return BigInt(whole(value, code, Number.MAX_SAFE_INTEGER));
}

/** A number of 32 bits. */
export function u32(value: unknown, code: ArgumentCode): number {
  return whole(value, code, U32);
}

/** `value` checked, where there is one. Absent is what is `undefined` or `null`. */
export function optional<T>(value: unknown, check: (value: unknown) => T): T | undefined {
  return value === undefined || value === null ? undefined : check(value);
}

export function lowerCredentials(credentials: Credentials): Types.Credentials {
  return {
    accessKeyId: text(credentials.accessKeyId, 'accessKeyId'),
    material: lowerMaterial(credentials),
    sessionToken: optional(credentials.sessionToken, (it) => text(it, 'sessionToken')),
    expiresAt: optional(credentials.expiresAt, (it) => seconds(it, 'expires-at')),
  };
}

function lowerMaterial({ secretAccessKey, signingKeys }: Credentials): Types.SigningMaterial {
  if ((secretAccessKey === undefined) === (signingKeys === undefined)) {
    throw new TypeError('give either secretAccessKey or signingKeys');
  }
  if (signingKeys === undefined) {
    return { tag: 'secret-access-key', val: text(secretAccessKey, 'secretAccessKey') };
  }
  return { tag: 'signing-keys', val: signingKeys.map(lowerKey) };
}

function lowerKey(key: SigningKeyFields): Types.SigningKey {
  if (!(key.bytes instanceof Uint8Array)) {
    throw new TypeError('the bytes of a signing key must be a Uint8Array');
  }
  return {
    bytes: key.bytes,
    signingRegion: text(key.signingRegion, 'signingRegion'),
    day: u32(key.day, 'signing-key'),
  };
}

export function lowerEndpoint(endpoint: StsEndpoint | undefined): Types.StsEndpoint {
  switch (endpoint?.kind) {
    case undefined:
    case 'regional':
      return {
        tag: 'regional',
        val: { fips: endpoint?.fips === true, dualStack: endpoint?.dualStack === true },
      };
    case 'global':
      return { tag: 'global' };
    case 'custom': {
      const host = text(endpoint.host, 'host');
      const signingRegion = text(endpoint.signingRegion, 'signingRegion');
      return { tag: 'custom', val: { host, signingRegion } };
    }
    default:
      throw new TypeError('the kind of an endpoint must be regional, global or custom');
  }
}

export function lowerRequest(request: TokenRequest): Types.TokenRequest {
  return {
    cluster: text(request.cluster, 'cluster'),
    region: text(request.region, 'region'),
    endpoint: lowerEndpoint(request.endpoint),
    signedAt: seconds(request.signedAt, 'signed-at'),
    urlExpiresIn: optional(request.urlExpiresIn, (it) => u32(it, 'url-expires-in')),
    lifetime: optional(request.lifetime, (it) => u32(it, 'lifetime')),
  };
}

export function lowerToken(token: TokenFields): Types.Token {
  return {
    value: text(token.value, 'token'),
    expiresAt: seconds(token.expiresAt, 'expires-at'),
    findings: token.findings.map(({ code, message }) => ({
      code: text(code, 'code'),
      message: text(message, 'message'),
    })),
  };
}

export function liftToken(token: Types.Token): Token {
  return new Token(token.value, Number(token.expiresAt), liftFindings(token.findings));
}

export function liftPresigned(request: Types.PresignedRequest): PresignedRequest {
  const { method, url, headers, expiresAt } = request;
  return new PresignedRequest(method, url, headers, Number(expiresAt));
}

export function liftKey(key: Types.SigningKey): SigningKey {
  // A copy: jco's view is of the instance's memory.
  return new SigningKey(new Uint8Array(key.bytes), key.signingRegion, key.day);
}

export function liftInspection(inspection: Inspector.Inspection): Inspection {
  return {
    claims: inspection.claims && liftClaims(inspection.claims),
    rejection: inspection.server.tag === 'err' ? liftRejection(inspection.server.val) : undefined,
    findings: liftFindings(inspection.findings),
  };
}

function liftClaims(claims: Inspector.Claims): Claims {
  return {
    stsHost: claims.stsHost,
    region: claims.region,
    partition: claims.partition,
    accessKeyId: claims.accessKeyId,
    signedAt: optional(claims.signedAt, Number),
    refusedFrom: optional(claims.refusedFrom, Number),
    hasSessionToken: claims.hasSessionToken,
    signedHeaders: claims.signedHeaders,
  };
}

function liftRejection(rejection: Inspector.Rejection): Rejection {
  const held = 'val' in rejection ? rejection.val : undefined;
  const value = typeof held === 'bigint' ? Number(held) : held;
  return { code: rejection.tag, value, message: rejectionMessage(rejection.tag, value) };
}

export function liftExecCredential(answer: Exec.Answer): ExecCredential {
  return new ExecCredential(answer.json, liftFindings(answer.findings));
}

function liftFindings(findings: readonly Types.Finding[]): readonly Finding[] {
  return findings.map(({ code, message }) => ({ code, message }));
}
