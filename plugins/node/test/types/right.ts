import { createToken, InvalidArgumentError, signer, TokenProvider, type Credentials } from 'eks-token';

const credentials: Credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
export const value: string = createToken(credentials, {
  cluster: 'my-cluster',
  region: 'eu-central-1',
  signedAt: 1_700_000_000,
  endpoint: { kind: 'regional', fips: true },
}).value;
export const provider = new TokenProvider({
  signer,
  cluster: 'my-cluster',
  region: 'eu-central-1',
  credentials: () => credentials,
});
export const limit = (error: unknown): number | undefined =>
  error instanceof InvalidArgumentError ? error.limit : undefined;
