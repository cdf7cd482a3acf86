import { createToken } from 'eks-token';

const request = { cluster: 'my-cluster', region: 'eu-central-1', signedAt: 1_700_000_000 };
createToken({ secretAccessKey: 'secret' }, request);
createToken({ accessKeyId: 'AKIDEXAMPLE' }, { ...request, signedAt: '1' });
createToken({ accessKeyId: 'AKIDEXAMPLE' }, { ...request, endpoint: { kind: 'nearest' } });
