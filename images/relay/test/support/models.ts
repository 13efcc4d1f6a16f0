import { readFileSync } from 'node:fs';

const TYPES: Record<string, string> = {
  Bytes: 'bytea',
  Boolean: 'boolean',
  Int: 'integer',
  SmallInt: 'smallint',
};

/** The names of the indexes that `schema.prisma` declares, sorted. */
export function modelIndexes(): string[] {
  return models()
    .flatMap((body) => {
      const columns = new Map(fieldsOf(body).map(({ field, column }) => [field, column]));
      return [...body.matchAll(/@@index\(\[([^\]]+)\]\)/g)].map(([, fields = '']) =>
        [tableOf(body), ...fields.split(', ').map((field) => columns.get(field)), 'idx'].join('_'),
      );
    })
    .sort();
}

/** The columns that `schema.prisma` declares, as `table.column type`, with ` null` where they may be null, sorted. */
export function modelColumns(): string[] {
  return models()
    .flatMap((body) => fieldsOf(body).map(({ column, type }) => `${tableOf(body)}.${column} ${type}`))
    .sort();
}

function models(): string[] {
  const schema = readFileSync(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8');
  return [...schema.matchAll(/^model \w+ \{\n([^}]*)\}/gm)].map((match) => match[1] ?? '');
}

function tableOf(body: string): string | undefined {
  return /@@map\("(\w+)"\)/.exec(body)?.[1];
}

function fieldsOf(body: string): { field: string; column: string; type: string }[] {
  return body.split('\n').flatMap((line) => {
    const [, field, declared = '', optional, rest = ''] =
      /^ {2}(\w+)\s+(\w+)(\?)?(?!\[)(.*)$/.exec(line) ?? [];
    const type = TYPES[/@db\.(\w+)/.exec(rest)?.[1] ?? declared];
    if (!field || !type) return [];
    const column = /@map\("(\w+)"\)/.exec(rest)?.[1] ?? field;
    return [{ field, column, type: optional ? `${type} null` : type }];
  });
}
