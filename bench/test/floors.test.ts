import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FETCH, INSERT, SELL, SESSION, SPEND, STANDING } from '../src/floors/statements.ts';

const plain = (text: string) => text.replaceAll(/\s+/g, ' ');

it.each([
  ['tickets', SPEND],
  ['tickets', STANDING],
  ['tickets', SELL],
  ['sessions', SESSION],
  ['blobs', INSERT],
  ['mailbox', FETCH],
])('runs the statement that stands in the relay’s %s', (part, statement) => {
  const source = readFileSync(
    new URL(`../../images/relay/src/${part}/repository.ts`, import.meta.url),
    'utf8',
  );
  expect(plain(source)).toContain(plain(statement));
});
