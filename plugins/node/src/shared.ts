/** What Node and browsers have in common: it loads nothing by itself. */

export * from './errors.js';
export * from './provider.js';
export * from './signer.js';
export * from './types.js';
