/** Questions to the person at the terminal. They go to stderr, so that stdout holds results alone. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { UserFault } from '../faults.ts';

/** Where a person is asked. */
export interface Terminal {
  input: NodeJS.ReadStream;
  output: NodeJS.WritableStream;
}

/** The terminal of this process. */
export const ownTerminal: Terminal = { input: process.stdin, output: process.stderr };

/** Whether a person can be asked there. */
export function canAsk(terminal: Terminal): boolean {
  return terminal.input.isTTY === true;
}

async function ask(question: string, terminal: Terminal, echo: boolean): Promise<string> {
  // Readline clears the line that it begins on, so that it must know what stands there.
  const prompt = echo ? question.slice(question.lastIndexOf('\n') + 1) : '';
  terminal.output.write(question.slice(0, question.length - prompt.length));
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input: terminal.input,
    output: echo ? terminal.output : nowhere,
    terminal: true,
    historySize: 0,
  });
  const left = new Promise<never>((_resolve, reject) => {
    lines.once('SIGINT', () => lines.close());
    lines.once('close', () => reject(new UserFault('not_confirmed', 'Stopped. Nothing was done.')));
  });
  let isAnswered = false;
  try {
    const answer = await Promise.race([lines.question(prompt), left]);
    isAnswered = true;
    return answer;
  } finally {
    lines.close();
    // What is said next begins on a line of its own.
    if (!echo || !isAnswered) terminal.output.write('\n');
  }
}

/**
 * Asks for a line that does not show while it is typed.
 * @throws UserFault `not_confirmed` on Ctrl-C and Ctrl-D
 */
export async function askSecret(question: string, terminal: Terminal): Promise<string> {
  return ask(question, terminal, false);
}

/**
 * Asks for a line.
 * @throws UserFault `not_confirmed` on Ctrl-C and Ctrl-D
 */
export async function askLine(question: string, terminal: Terminal): Promise<string> {
  return ask(question, terminal, true);
}

/**
 * Asks for consent to something that cannot be undone. Only the whole word counts.
 * @throws UserFault `not_confirmed` for any answer but `yes`
 */
export async function requireYes(question: string, terminal: Terminal): Promise<void> {
  const gap = question.endsWith('\n') ? '' : ' ';
  const answer = await ask(`${question}${gap}Type yes to go on: `, terminal, true);
  if (answer.trim().toLowerCase() !== 'yes') {
    throw new UserFault('not_confirmed', 'Not confirmed. Nothing was done.');
  }
}
