import type { Contact } from '../../state/model.ts';

function bare(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Whether every word of a query stands in a member's name or label, or is its number; case and accents do not matter. */
export function matches({ name, label, number }: Contact, query: string): boolean {
  const names = bare(`${name} ${label}`);
  const words = bare(query).split(/\s+/u).filter(Boolean);
  return words.every((word) => names.includes(word) || word === `${number}`);
}
