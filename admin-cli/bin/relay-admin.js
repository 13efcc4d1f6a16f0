#!/usr/bin/env node
// Plain JavaScript, so that a Node too old for the rest gives a sentence and not a syntax error.
if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(`relay-admin needs Node 24 or newer; this is ${process.versions.node}.\n`);
  process.exitCode = 2;
} else {
  await import('../src/main.ts');
}
