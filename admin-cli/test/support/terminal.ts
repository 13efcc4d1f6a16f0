import { PassThrough } from 'node:stream';
import type { Terminal } from '../../src/terminal/ask.ts';

/** A terminal at which the given lines are typed, one for each question, and what appeared on it. */
export function typingTerminal(...lines: string[]): { terminal: Terminal; shown: () => string } {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new PassThrough();
  let text = '';
  output.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    // The answer comes when the question stands there, as a person's would.
    if (chunk.toString().endsWith(': ')) setImmediate(() => input.write(lines.shift() ?? '\u0003'));
  });
  return { terminal: { input: input as unknown as NodeJS.ReadStream, output }, shown: () => text };
}
