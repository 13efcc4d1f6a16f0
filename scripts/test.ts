// Usage: node scripts/test.ts [STAGE...]
// Runs the stages one by one, all of them unless named, and ends with a table of their times and one line that sums up
// the tests. Exit code 1 when anything failed; with CI=true a skipped test is a failure too.
import type { Counts, Outcome, Stage } from './stages.ts';
import { NO_TESTS, programs, succeedsSilently, tests, where } from './stages.ts';

const strict = process.env.CI === 'true';
const names = process.argv.slice(2);
// Asked for by name, or by whoever has just started an engine, its lack is a failure.
const needsEngine = process.env.RELAY_APPLIANCE === 'required' || names.includes('appliance');

const PACKAGES = ['chromium', 'firefox-esr', 'coturn', 'iproute2', 'util-linux', 'zsh'];
// Calls find no other way than the one under test in a network of their own, which leaves nothing behind.
const LOOPBACK = ['sh', 'scripts/loopback.sh'] as const;

const stages: Stage[] = [
  programs('types', ['tsc', '-b', '--force']),
  programs('lint', ['biome', 'check', '--error-on-warnings', '.'], ['node', 'scripts/check-secrets.ts']),
  programs('system', ['sh', 'scripts/system-packages.sh', ...PACKAGES]),
  tests('unit', strict),
  tests('integration', strict),
  tests('e2e', strict),
  where(
    () => succeedsSilently(...LOOPBACK, 'true'),
    tests('calls', strict, LOOPBACK),
    'NOT RUN: this system lets nobody make a network namespace',
  ),
  where(
    async () => needsEngine || (await succeedsSilently('docker', 'info')),
    tests('appliance', strict),
    'NOT RUN: no Docker engine answers here; make test-appliance brings one up',
  ),
];

interface Line extends Outcome {
  name: string;
  seconds: number;
}

function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

function inWords({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function result({ ok, counts, notRun }: Line): string {
  if (notRun !== undefined) return notRun;
  const verdict = ok ? 'ok' : 'FAILED';
  return counts.passed + counts.failed + counts.skipped > 0 ? `${verdict}  (${inWords(counts)})` : verdict;
}

const unknown = names.find((name) => !stages.some((stage) => stage.name === name));
if (unknown !== undefined) {
  console.error(
    `There is no stage "${unknown}"; the stages are ${stages.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}

// run.sh has installed what was missing before this program could start, and says how long that took.
const setup = Number(process.env.SETUP_SECONDS ?? 0);
const engine = process.env.ENGINE_SECONDS;
const lines: Line[] = [{ name: 'install', seconds: setup, ok: true, counts: NO_TESTS, failures: [] }];
if (engine !== undefined) {
  lines.push({ name: 'engine', seconds: Number(engine), ok: true, counts: NO_TESTS, failures: [] });
}
for (const stage of stages.filter(({ name }) => names.length === 0 || names.includes(name))) {
  console.log(`\n== ${stage.name}`);
  const started = performance.now();
  const outcome = await stage.run();
  lines.push({ ...outcome, name: stage.name, seconds: (performance.now() - started) / 1000 });
}

console.log('\nstage          seconds  result');
for (const line of lines) {
  console.log(`${line.name.padEnd(12)} ${line.seconds.toFixed(1).padStart(9)}  ${result(line)}`);
}
const failures = lines.flatMap((line) => line.failures.map((failure) => `${line.name}: ${failure}`));
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((failure) => `  ${failure}`).join('\n')}`);
const total = lines.reduce((sum, { counts }) => add(sum, counts), NO_TESTS);
const failed = lines.some(({ ok }) => !ok);
const ranTests = names.length === 0 || total.passed + total.failed > 0;
if (ranTests) {
  // A stage without tests that failed counts as one failure, so that the last line never contradicts the exit code.
  const others = lines.filter(({ ok, counts }) => !ok && counts.failed === 0).length;
  console.log(`\n${inWords(add(total, { ...NO_TESTS, failed: others }))}`);
}
process.exitCode = failed ? 1 : 0;
