import type { Command } from '@oclif/core/command';
import type { Config } from '@oclif/core/config';
import { EXITS } from '../exits.ts';
import { examplesOf } from './examples.ts';

/** The text of docs/admin.md: every command with its arguments, flags and examples, and the exit codes. */
export function adminPage(config: Config): string {
  const commands = config.commands.filter(({ hidden }) => !hidden).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const exits = EXITS.map(([, code, meaning]) => `| ${code} | ${meaning} |`).join('\n');
  const list = commands.map((command) => {
    const words = wordsOf(command);
    return `| [\`${words}\`](#${words.replaceAll(' ', '-')}) | ${cell(command.summary ?? '')} |`;
  });
  return `# relay-admin
<!-- Made from the commands themselves by: npm run generate -w @relay/admin-cli -->

What the operator and the generator do at a terminal. On your own machine, in this folder: \`npm run relay-admin -- COMMAND\`. On the server:
\`make admin ARGS="COMMAND"\`, which has the database and the TURN secrets at hand. Below, both are written as \`relay-admin COMMAND\`.

Every command takes \`--json\`, which prints its result as one JSON value on standard output, and a fault as \`{"error":{"code","message"}}\`. Progress and questions
go to standard error. \`--help\` explains each command. No command prints a secret, and none repeats what it did not expect, which may be one.

## Exit codes
| Code | Meaning |
| --- | --- |
${exits}
| 130 | Ended by Ctrl-C. |

## Commands
| Command | What it does |
| --- | --- |
${list.join('\n')}

${commands.map((command) => section(command, config.bin)).join('\n')}`;
}

function section(command: Command.Loadable, bin: string): string {
  const args = Object.values(command.args).map(
    (arg) =>
      `| \`${arg.name.toUpperCase()}\` | ${cell(arg.description ?? '')}${arg.required === true ? '' : ' May be left out.'} |`,
  );
  const flags = Object.values(command.flags)
    .filter(({ name, hidden }) => name !== 'json' && !hidden)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(
      (flag) =>
        `| ${flagWords(flag)} | ${cell(flag.summary ?? flag.description ?? '')}${variable(flag)}${presence(flag)} |`,
    );
  const rows = [...args, ...flags];
  const table = rows.length === 0 ? '' : `\n| Argument or flag | |\n| --- | --- |\n${rows.join('\n')}\n`;
  const examples = examplesOf(command, bin)
    .map(({ description, line }) => `${description === undefined ? '' : `# ${description}\n`}${line}`)
    .join('\n');
  return `## ${wordsOf(command)}
${command.summary}

${command.description ?? ''}
${table}
\`\`\`sh
${examples}
\`\`\`
`;
}

function wordsOf({ id }: { id: string }): string {
  return id.replaceAll(':', ' ');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function flagWords(flag: Command.Flag.Cached): string {
  const char = flag.char === undefined ? '' : `\`-${flag.char}\`, `;
  if (flag.type === 'boolean')
    return `${char}\`--${flag.name}\`${flag.allowNo ? `, \`--no-${flag.name}\`` : ''}`;
  const value = flag.options?.join('\\|') ?? (typeof flag.helpValue === 'string' ? flag.helpValue : 'VALUE');
  return `${char}\`--${flag.name}=${value}\``;
}

/** Whether it must be given, and what holds where it is not. */
function presence(flag: Command.Flag.Cached): string {
  if (flag.required === true) return ' Required.';
  const isSaid = flag.type === 'option' && ['string', 'number'].includes(typeof flag.default);
  return isSaid ? ` By default \`${flag.default}\`.` : '';
}

function variable(flag: Command.Flag.Cached): string {
  return flag.env === undefined ? '' : ` Or \`${flag.env}\`.`;
}
