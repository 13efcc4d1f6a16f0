import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';

/** Tests by outcome. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** What one stage of the test command came to. */
export interface Outcome {
  ok: boolean;
  counts: Counts;
  /** File and name of each test that failed, for the last lines of the output. */
  failures: readonly string[];
  /** Why it was not run at all. */
  notRun?: string;
}

/** One step of the test command. */
export interface Stage {
  name: string;
  run(): Promise<Outcome>;
}

/** No tests at all. */
export const NO_TESTS: Counts = { passed: 0, failed: 0, skipped: 0 };

const REPORTS = 'node_modules/.cache/relay';

/** Runs a program in this terminal and resolves to whether it ended with exit code 0; ends with this process. */
export function succeeds(program: string, ...args: string[]): Promise<boolean> {
  return ends(program, args, 'inherit');
}

/** As {@link succeeds}, without a word from the program. */
export function succeedsSilently(program: string, ...args: string[]): Promise<boolean> {
  return ends(program, args, 'ignore');
}

function ends(program: string, args: readonly string[], stdio: 'inherit' | 'ignore'): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio });
    const pass = (name: NodeJS.Signals) => child.kill(name);
    process.on('SIGTERM', pass).on('SIGINT', pass);
    const end = (ok: boolean) => {
      process.off('SIGTERM', pass).off('SIGINT', pass);
      resolve(ok);
    };
    child.once('error', () => end(false));
    child.once('exit', (code) => end(code === 0));
  });
}

/** A stage of programs that run one after the other, all of them even when one fails. */
export function programs(name: string, ...commands: [string, ...string[]][]): Stage {
  return {
    name,
    run: async () => {
      let ok = true;
      for (const command of commands) ok = (await succeeds(...command)) && ok;
      return { ok, counts: NO_TESTS, failures: [] };
    },
  };
}

/**
 * A stage of tests: one project of `vitest.config.ts`.
 *
 * @param strict - whether a skipped test is a failure
 * @param through - a program, with arguments, that runs it in surroundings of its own
 */
export function tests(project: string, strict: boolean, through: readonly string[] = []): Stage {
  return {
    name: project,
    run: async () => {
      const report = `${REPORTS}/${project}.json`;
      mkdirSync(REPORTS, { recursive: true });
      rmSync(report, { force: true });
      const [program = '', ...args] = [
        ...through,
        'vitest',
        'run',
        `--project=${project}`,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ];
      const ok = await succeeds(program, ...args);
      return { ...judge(ok, readReport(report), strict), failures: readFailures(report) };
    },
  };
}

/**
 * A stage that needs something this machine may lack.
 *
 * @param isThere - whether it can run
 * @param notRun - what to say where it cannot
 */
export function where(isThere: () => Promise<boolean>, stage: Stage, notRun: string): Stage {
  return {
    name: stage.name,
    run: async () => ((await isThere()) ? stage.run() : { ok: true, counts: NO_TESTS, failures: [], notRun }),
  };
}

/**
 * Judges a run of tests: a run that tested nothing has failed, and a failure that no test stands for (a file that does
 * not load, an error after the last test) counts as one, so that the sum never looks better than the exit code.
 */
export function judge(ended: boolean, counts: Counts, strict: boolean): Omit<Outcome, 'failures'> {
  const ran = counts.passed + counts.failed > 0;
  const ok = ended && ran && counts.failed === 0 && !(strict && counts.skipped > 0);
  return { ok, counts: !ok && counts.failed === 0 ? { ...counts, failed: 1 } : counts };
}

/** Reads the counts from the file of Vitest's JSON reporter; a missing or broken one holds none. */
export function readReport(file: string): Counts {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
    const count = (name: string) => report[name] ?? 0;
    return {
      passed: count('numPassedTests'),
      failed: count('numFailedTests'),
      skipped: count('numPendingTests') + count('numTodoTests'),
    };
  } catch {
    return NO_TESTS;
  }
}

/** What the report of Vitest's JSON reporter says of one file. */
interface FileReport {
  name: string;
  status: string;
  assertionResults: { fullName: string; status: string }[];
}

/** Names what failed, `file > test`, from the file of Vitest's JSON reporter: tests, and files that did not get as far as one. */
export function readFailures(file: string): string[] {
  try {
    const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as { testResults: FileReport[] };
    return testResults.flatMap(({ name, status, assertionResults }) => {
      const path = relative(process.cwd(), name);
      const failed = assertionResults.filter((test) => test.status === 'failed');
      if (failed.length === 0) return status === 'failed' ? [path] : [];
      return failed.map((test) => `${path} > ${test.fullName}`);
    });
  } catch {
    return [];
  }
}
