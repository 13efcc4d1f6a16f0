/** Where progress goes: stderr. */
export interface ProgressStream {
  isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * Shows how far long work is: on a terminal one line that counts, elsewhere one line when a stage is done.
 * @param names what each stage is called
 * @returns to be called as the work goes on
 */
export function progress<Stage extends string>(
  stream: ProgressStream,
  names: Record<Stage, string>,
): (stage: Stage, done: number, total: number) => void {
  let before = '';
  return (stage, done, total) => {
    const line = `${names[stage]} ${done}/${total}`;
    // Work that ends with the last piece may say so twice.
    if (line === before) return;
    before = line;
    if (stream.isTTY === true) stream.write(`\r${line}${done === total ? '\n' : ''}`);
    else if (done === total) stream.write(`${line}\n`);
  };
}
