/** Why something was refused. No error holds the value that was refused. */

/** The case's name in `wit/token.wit`, or `component-failed`. */
export type ErrorCode = ArgumentCode | PlainCode | 'credentials-expired' | 'component-failed' | 'other';

/** The root of all errors of this package. */
export class EksTokenError extends Error {
  override readonly name: string = 'EksTokenError';

  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** What is wrong with one argument. */
export type InvalidReason = 'empty' | 'too-long' | 'forbidden-byte' | 'out-of-range';

/** An argument is not what it must be. `code` says which. */
export class InvalidArgumentError extends EksTokenError {
  override readonly name = 'InvalidArgumentError';
  /** The argument's name, for people. */
  readonly field: string;
  /** What it must be. */
  readonly remedy: string;
  /** The most that is accepted, in bytes, where it is too long. */
  readonly limit: number | undefined;
  /** Offset in bytes of the first byte that is not allowed. */
  readonly offset: number | undefined;

  constructor(
    code: ArgumentCode,
    readonly reason: InvalidReason,
    number?: number,
  ) {
    const [field, remedy] = ARGUMENTS[code];
    super(code, `the ${field} ${why(reason, number)}; it must be ${remedy}`);
    this.field = field;
    this.remedy = remedy;
    this.limit = reason === 'too-long' ? number : undefined;
    this.offset = reason === 'forbidden-byte' ? number : undefined;
  }
}

/** The credentials had ended by the signing time. */
export class CredentialsExpiredError extends EksTokenError {
  override readonly name = 'CredentialsExpiredError';

  constructor(
    /** When they ended, in seconds since 1970-01-01T00:00:00Z. */
    readonly at: number,
  ) {
    super(
      'credentials-expired',
      `the credentials expired at ${at} (Unix seconds), before the signing time; renew them`,
    );
  }
}

/** The component stopped, or it is another one. The next call starts with a fresh instance. */
export class ComponentFailedError extends EksTokenError {
  override readonly name = 'ComponentFailedError';

  constructor() {
    super('component-failed', 'the component stopped; the next call starts with a fresh one');
  }
}

/** An `error` of the component, as jco hands it over. */
export interface ComponentError {
  readonly tag: string;
  readonly val?: unknown;
}

/** The error for a case of `error` in `wit/token.wit`. */
export function errorOf({ tag, val }: ComponentError): EksTokenError {
  if (tag in ARGUMENTS) {
    const invalid = val as { tag: InvalidReason; val?: number };
    return new InvalidArgumentError(tag as ArgumentCode, invalid.tag, invalid.val);
  }
  if (tag in PLAIN) {
    return new EksTokenError(tag as PlainCode, PLAIN[tag as PlainCode]);
  }
  if (tag === 'credentials-expired') {
    return new CredentialsExpiredError(Number(val));
  }
  return new EksTokenError('other', tag === 'other' ? String(val) : tag);
}

function why(reason: InvalidReason, number: number | undefined): string {
  switch (reason) {
    case 'empty':
      return 'is empty';
    case 'too-long':
      return `is longer than ${number} bytes`;
    case 'forbidden-byte':
      return `has a character that is not allowed at byte ${number}`;
    case 'out-of-range':
      return 'is out of range';
  }
}

/** Each argument's name, and what it must be. */
const ARGUMENTS = {
  'access-key-id': ['access key id', '1 to 128 letters, digits and _'],
  'secret-access-key': ['secret access key', '1 to 256 printable ASCII characters'],
  'session-token': ['session token', '1 to 16384 printable ASCII characters'],
  'signing-key': ['signing key', '32 bytes, with a calendar day as YYYYMMDD'],
  cluster: ['cluster', '1 to 256 printable ASCII characters, not all blank'],
  region: ['region', '1 to 32 characters of a-z, 0-9 and -'],
  host: ['host', 'a DNS name of at most 253 characters'],
  'signed-at': ['signing time', 'Unix seconds up to the year 9999'],
  'url-expires-in': ['URL expiry', '1 to 900 seconds'],
  lifetime: ['lifetime', '1 to 900 seconds'],
  'expires-at': ["token's expiry", 'Unix seconds up to the year 9999'],
} as const;

/** The cases of `error` that blame one argument. */
export type ArgumentCode = keyof typeof ARGUMENTS;

const PLAIN = {
  'unknown-region':
    'the region fits no AWS partition known here; check its spelling, or give a custom endpoint ' +
    'for a region newer than this version',
  'unknown-partition':
    'there is no AWS partition of that name; it must be one of aws, aws-cn, aws-us-gov, ' +
    'aws-eusc, aws-iso, aws-iso-b, aws-iso-e, aws-iso-f',
  'endpoint-unsupported':
    'the global STS endpoint exists in partition aws only; use the regional one',
  'no-matching-signing-key':
    'none of the signing keys is for this day and region; derive new ones',
} as const;

/** The cases of `error` that hold nothing. */
export type PlainCode = keyof typeof PLAIN;
