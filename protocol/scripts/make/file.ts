/** The JSON of a file of vectors. */
import { b64 } from '../../src/index.ts';
import type { Json, JsonObject } from '../../test/vectors/input.ts';
import type { VectorCase } from '../../test/vectors/run.ts';

/** A file in the making: cases are added in the order of the file. */
export class VectorDraft {
  readonly cases: VectorCase[] = [];
  readonly data: { [name: string]: string } = {};
  private readonly source: string;

  /** @param source the section of SPEC.md */
  constructor(source: string) {
    this.source = source;
  }

  /** Names a byte string, and returns the reference that inputs use. */
  name(name: string, bytes: Uint8Array): { $: string } {
    this.data[name] = b64(bytes);
    return { $: name };
  }

  /** A case that succeeds. */
  valid(name: string, operation: string, input: JsonObject, expected: Json): void {
    this.cases.push({ name, operation, input, expected });
  }

  /** A case that fails with a code. */
  fails(name: string, operation: string, input: JsonObject, error: string): void {
    this.cases.push({ name, operation, input, error });
  }

  /** The text of the file: one line for each byte string and each case, so that changes can be read. */
  toString(): string {
    const data = Object.entries(this.data).map(([name, text]) => `    ${JSON.stringify(name)}: "${text}"`);
    const cases = this.cases.map((item) => `    ${JSON.stringify(item)}`);
    const named = data.length === 0 ? '' : `  "data": {\n${data.join(',\n')}\n  },\n`;
    const source = JSON.stringify(this.source);
    return `{\n  "source": ${source},\n${named}  "cases": [\n${cases.join(',\n')}\n  ]\n}\n`;
  }
}
