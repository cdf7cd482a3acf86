// The vectors that every language is held to, as this package's types. Runs in browsers, too.

/** What `api` makes of a vector of tokens.json, as the vector writes it. */
export function answerToken(api, { credentials, request }) {
  try {
    const token = api.createToken(credentialsOf(credentials), requestOf(request));
    const findings = token.findings.map(({ code }) => code);
    return { token: token.value, 'expires-at': token.expiresAt, findings };
  } catch (error) {
    if (!(error instanceof api.EksTokenError)) {
      throw error;
    }
    return { error: caseOf(api, error), message: error.message };
  }
}

/** What `api` makes of a vector of inspections.json, as the vector writes it. */
export function answerInspection(api, vector) {
  const { claims, rejection, findings } = api.inspect(
    vector.token,
    vector.now,
    vector.partition ?? undefined,
  );
  return {
    claims: claims === undefined ? null : writeClaims(claims),
    server:
      rejection === undefined
        ? null
        : { case: rejection.code, value: rejection.value ?? null, message: rejection.message },
    findings: findings.map(({ code }) => code),
  };
}

export function credentialsOf(value) {
  const keys = value.material['signing-keys'];
  return {
    accessKeyId: value['access-key-id'],
    secretAccessKey: value.material['secret-access-key'],
    signingKeys: keys?.map(keyOf),
    sessionToken: value['session-token'] ?? undefined,
    expiresAt: value['expires-at'] ?? undefined,
  };
}

export function keyOf({ bytes, 'signing-region': signingRegion, day }) {
  const pairs = bytes.match(/../g).map((pair) => Number.parseInt(pair, 16));
  return { bytes: Uint8Array.from(pairs), signingRegion, day };
}

export function requestOf(value) {
  return {
    cluster: value.cluster,
    region: value.region,
    endpoint: endpointOf(value.endpoint),
    signedAt: value['signed-at'],
    urlExpiresIn: value['url-expires-in'] ?? undefined,
    lifetime: value.lifetime ?? undefined,
  };
}

export function endpointOf({ regional, custom }) {
  if (regional !== undefined) {
    const has = (name) => regional.includes(name);
    return { kind: 'regional', fips: has('fips'), dualStack: has('dual-stack') };
  }
  return custom === undefined
    ? { kind: 'global' }
    : { kind: 'custom', host: custom.host, signingRegion: custom['signing-region'] };
}

function caseOf(api, error) {
  if (error instanceof api.InvalidArgumentError) {
    const value = error.limit ?? error.offset ?? null;
    return { case: error.code, invalid: error.reason, value };
  }
  return error instanceof api.CredentialsExpiredError
    ? { case: error.code, value: error.at }
    : { case: error.code };
}

function writeClaims(claims) {
  return {
    'sts-host': claims.stsHost,
    region: claims.region ?? null,
    partition: claims.partition ?? null,
    'access-key-id': claims.accessKeyId ?? null,
    'signed-at': claims.signedAt ?? null,
    'refused-from': claims.refusedFrom ?? null,
    'has-session-token': claims.hasSessionToken,
    'signed-headers': claims.signedHeaders,
  };
}
