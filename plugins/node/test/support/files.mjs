// Where things are.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of this package, with a slash at its end. */
export const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));

export const PAGE = `${PACKAGE}dist/inspector/index.html`;

/** The vectors of a file below plugins/vectors/. */
export function vectors(name) {
  return JSON.parse(readFileSync(`${PACKAGE}../vectors/${name}`, 'utf8')).vectors;
}
