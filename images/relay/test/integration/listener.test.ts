import { expect, test } from 'vitest';
import { startListener } from '../../src/events/listener.ts';
import { createLogger } from '../../src/log.ts';
import { emptyDatabase, sql } from '../support/database.ts';
import { until } from '../support/until.ts';

const log = createLogger('relay', 'silent');

test('a listener closes at whatever moment, also while it connects', async () => {
  const databaseUrl = await emptyDatabase();
  for (const turns of [0, 1, 5, 50]) {
    const listener = startListener(
      databaseUrl,
      { channels: { here: () => undefined }, onListening: () => undefined },
      log,
    );
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
    await listener.close();
    expect(listener.isListening()).toBe(false);
  }
  const left =
    "SELECT 1 FROM pg_stat_activity WHERE application_name = 'relay events' AND datname = current_database()";
  await until('no connection was left', async () => (await sql(databaseUrl, left)).rowCount === 0);
});

test('a listener hears its channels, and hears them again after its connection was lost', async () => {
  const databaseUrl = await emptyDatabase();
  const heard: string[] = [];
  let listened = 0;
  const channels = { here: (payload: string) => void heard.push(payload) };
  const listener = startListener(databaseUrl, { channels, onListening: () => void listened++ }, log);
  await until('it listened', () => listened === 1);
  await sql(databaseUrl, "SELECT pg_notify('here', 'one'), pg_notify('there', 'other')");
  await until('it heard', () => heard.includes('one'));
  await sql(
    databaseUrl,
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'relay events' AND datname = current_database()",
  );
  await until('it listened again', () => listened === 2);
  await sql(databaseUrl, "SELECT pg_notify('here', 'two')");
  await until('it heard', () => heard.includes('two'));
  expect(heard).toEqual(['one', 'two']);
  await listener.close();
});
