/** What the page says: an inspection in sentences. No DOM, no clock. */

import type { Claims, Inspection, Rejection } from '../src/types.js';

/** What it comes to. */
export interface Verdict {
  readonly isGood: boolean;
  readonly title: string;
  readonly detail: string;
}

/** A line of the table: what it is, what it says, and what that means. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly remark: string;
}

/** The token in what was pasted: as it is, behind `Bearer`, or in an ExecCredential. */
export function tokenIn(pasted: string): string {
  const text = pasted.trim();
  if (!text.startsWith('{')) {
    return text.replace(/^(authorization:\s*)?bearer\s+/i, '');
  }
  try {
    const token: unknown = JSON.parse(text)?.status?.token;
    return typeof token === 'string' ? token : text;
  } catch {
    return text;
  }
}

export function verdict(inspection: Inspection): Verdict {
  const { rejection, findings } = inspection;
  if (rejection !== undefined) {
    const title = rejection.code === 'expired' ? 'This token is dead' : 'A server would refuse it';
    return { isGood: false, title, detail: sentence(reason(rejection)) };
  }
  if (findings.length > 0) {
    const detail = 'A server finds nothing wrong with it and asks STS, which says no.';
    return { isGood: false, title: 'STS would refuse it', detail };
  }
  const detail =
    'A server would ask STS, and take it if the signature is right and the cluster is the one that ' +
    'was signed for.';
  return { isGood: true, title: 'No fault to be seen', detail };
}

/** Why the server refuses it, with a time that people can read. */
export function reason(rejection: Rejection): string {
  if (rejection.code !== 'expired' || typeof rejection.value !== 'number') {
    return rejection.message;
  }
  const at = moment(rejection.value);
  return `it expired at ${at}, 15 minutes after it was signed; make a new one`;
}

export function facts(claims: Claims): Fact[] {
  const fact = (name: string, value: string | undefined, remark = ''): Fact => ({
    name,
    value: value ?? 'unknown',
    remark,
  });
  return [
    fact('STS host', claims.stsHost),
    fact('Region', claims.region),
    fact('Partition', claims.partition),
    fact('Access key id', claims.accessKeyId, kindOfKey(claims.accessKeyId)),
    fact('Session token', claims.hasSessionToken ? 'yes' : 'no'),
    fact('Signed', optionalMoment(claims.signedAt)),
    fact('Refused from', optionalMoment(claims.refusedFrom)),
    fact('Signed headers', claims.signedHeaders.join(', ') || 'none'),
  ];
}

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
function kindOfKey(id: string | undefined): string {
  if (id?.startsWith('ASIA')) {
    return 'temporary, as of a role';
  }
  return id?.startsWith('AKIA') ? 'long-lived, of an IAM user' : '';
}

function optionalMoment(at: number | undefined): string | undefined {
  return at === undefined ? undefined : moment(at);
}

/** A time as `2023-11-14 22:13:20 UTC`. */
export function moment(at: number): string {
  const date = new Date(at * 1000);
  if (Number.isNaN(date.getTime())) {
    return 'a time beyond all calendars';
  }
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** So many seconds in their two largest units: `14 min 3 s`. */
export function span(seconds: number): string {
  const units: ReadonlyArray<readonly [number, string]> = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  const parts: string[] = [];
  let rest = Math.max(0, Math.floor(seconds));
  for (const [length, name] of units) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) {
      parts.push(`${count} ${name}`);
    } else if (parts.length > 0) {
      break;
    }
    if (parts.length === 2) {
      break;
    }
  }
  return parts.join(' ') || '0 s';
}

/** With a capital letter and a full stop. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
