/** What services may say in a soak, in which nothing is broken but the relay, on purpose. */

const RELAY = ['listening', 'stopping', 'stopped'];
const WORKER = [
  'started',
  'swept',
  'written anew',
  'a new TURN secret',
  'old TURN secrets removed',
  'stopped',
];
const LOG_LEVEL_WARN = 40;

/** The lines that nobody expects of relay or worker, whose logs are JSON. */
function unexpectedJson(text: string, expected: readonly string[]): string[] {
  return text
    .split('\n')
    .filter(Boolean)
    .filter((line) => {
      try {
        const { level, msg } = JSON.parse(line) as { level: number; msg: string };
        return level >= LOG_LEVEL_WARN || !expected.includes(msg);
      } catch {
        return true;
      }
    });
}

/** coturn names the kind of each line; at its start it says what it does without. */
function unexpectedCoturn(text: string): string[] {
  return text.split('\n').filter((line) => /\b(?:ERROR|CRITICAL)\b/.test(line));
}

/** Every line that nobody expects, with the name of its service before it. */
export function unexpectedLines(logs: { relay: string; worker: string; coturn: string }): string[] {
  return [
    ...unexpectedJson(logs.relay, RELAY).map((line) => `relay: ${line}`),
    ...unexpectedJson(logs.worker, WORKER).map((line) => `worker: ${line}`),
    ...unexpectedCoturn(logs.coturn).map((line) => `coturn: ${line}`),
  ];
}
