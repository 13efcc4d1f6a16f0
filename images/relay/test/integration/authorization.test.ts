import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppParts } from '../../src/http/app.ts';
import { createApp } from '../../src/http/app.ts';
import { clientEvents } from '../../src/socket/events.ts';
import { table } from '../support/authorization-table.ts';
import type { Stage } from '../support/callers.ts';
import { callers, openStage } from '../support/callers.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** Every way in that the code has: registered routes, and events a client can send. */
function doors(): string[] {
  // Registering needs no part that stands behind the routes.
  const app = createApp({ webOrigins: [] as string[] } as unknown as AppParts);
  const routes = app.router.stack.flatMap(({ route }) =>
    (route?.stack ?? []).map(({ method }) => `${method.toUpperCase()} ${route?.path}`),
  );
  return [...routes, 'socket connection', ...Object.keys(clientEvents).map((event) => `socket ${event}`)];
}

test('every route and event has a row, and every row a route or event', () => {
  expect(doors().length).toBeGreaterThan(12);
  expect([...new Set(table.map(({ door }) => door))].sort()).toEqual(doors().sort());
});

const cases = table.flatMap((row) =>
  callers.map((kind) => [`${row.door}: ${kind} tries to ${row.attempt}`, kind, row] as const),
);

test.each(cases)('%s', async (_name, kind, row) => {
  expect(await row.act(stage, stage.callers[kind])).toBe(row.outcome[kind]);
});
