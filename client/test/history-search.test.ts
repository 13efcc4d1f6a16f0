import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, locate } from '../src/state/history/fold.ts';
import { MAX_SEARCH_HITS, searchConversations } from '../src/state/history/search.ts';
import type { Conversation } from '../src/state/model.ts';
import { BOB, CAROL, Chronicle, contactOf, context, historyOf } from './support/chronicle.ts';
import { NOW } from './support/records.ts';

function conversation(id: string, book: Chronicle): Conversation {
  const items = historyOf(book.records).items(context());
  const rest = { members: [], unread: 0, canWrite: true, uploads: [] };
  return { kind: 'direct', peer: contactOf(BOB), id, items, ...rest };
}

function say(...texts: string[]): Conversation {
  const book = new Chronicle();
  for (const text of texts) book.text(text);
  return conversation('c', book);
}

const parts = (text: string, query: string) =>
  searchConversations([say(text)], query).map(({ before, match, after }) => [before, match, after]);

describe('a search', () => {
  it('finds texts and names of files in which all words occur, the newest first', () => {
    const [one, two] = [new Chronicle(), new Chronicle()];
    const old = one.text('The cat sat', { at: NOW - 9, author: CAROL });
    one.text('the dog', { at: NOW });
    const file = two.file('sad cat, the.png', 'image/png', { at: NOW });
    const long = two.long({ at: NOW + 1 });
    const deleted = two.text('the cat');
    two.delete(deleted);
    two.write('rename', { name: 'the cat' });
    const hits = searchConversations([conversation('1', one), conversation('2', two)], ' CAT  the ');
    expect(hits.map(({ conversationId, key }) => [conversationId, key])).toEqual([
      ['2', file.hash],
      ['1', old.hash],
    ]);
    expect(hits[1]).toEqual({
      conversationId: '1',
      key: old.hash,
      at: NOW - 9,
      author: contactOf(CAROL),
      before: '',
      match: 'The',
      after: ' cat sat',
    });
    expect(hits.map(({ key }) => key)).not.toContain(long.hash);
  });

  it('takes no account of case and diacritics, and shows what is really there', () => {
    expect(parts('Ein schönes Café!', 'CAFE')).toEqual([['Ein schönes ', 'Café', '!']]);
    expect(parts('un cafe\u0301 noir', 'café')).toEqual([['un ', 'cafe\u0301', ' noir']]);
    expect(parts('die Straße lang', 'strasse')).toEqual([['die ', 'Straße', ' lang']]);
    expect(parts('die Straße lang', 'stras')).toEqual([['die ', 'Straß', 'e lang']]);
    expect(parts('ΟΔΥΣΣΕΥΣ', 'οδυσσευς')).toEqual([['', 'ΟΔΥΣΣΕΥΣ', '']]);
    expect(parts('😀 Łódź 😀', 'łodz')).toEqual([['😀 ', 'Łódź', ' 😀']]);
    expect(parts('İstanbul', 'istanbul')).toEqual([['', 'İstanbul', '']]);
  });

  it('shows some of what stands around, in one line', () => {
    const [[before, match, after] = []] = parts(
      `${'😀'.repeat(90)}a\n\nb HERE c\n${'é'.repeat(300)}`,
      'here',
    );
    expect(before).toBe(`…${'😀'.repeat(35)}a b `);
    expect(match).toBe('HERE');
    expect(after).toBe(` c ${'é'.repeat(117)}…`);
  });

  it('finds nothing without words, or where one is not there', () => {
    for (const query of ['', ' \n', '\u0301', 'cat dog', 'x.*']) expect(parts('the cat', query)).toEqual([]);
    expect(parts('a.*b', '.*')).toHaveLength(1);
  });

  it('ends at the newest hits', () => {
    const hits = searchConversations([say(...Array.from({ length: 300 }, (_, i) => `cat ${i}`))], 'cat');
    expect(hits).toHaveLength(MAX_SEARCH_HITS);
    expect([hits[0]?.after, hits.at(-1)?.after]).toEqual([' 299', ' 100']);
  });

  it('finds every text by any part of it, at a place that folds to that part', () => {
    const texts = fc.string({ unit: fc.constantFrom(...'aÀß Σςσİıé\u0301\u0308😀ﬃŉKǅ가ー') });
    fc.assert(
      fc.property(texts, fc.nat(), fc.nat(), (text, from, length) => {
        const start = from % (text.length + 1);
        const word = fold(text.slice(start, start + 1 + (length % 5)).toWellFormed());
        fc.pre(word !== '' && !/\s|\ufffd/u.test(word) && fold(text).includes(word));
        const found = locate(text, [word]);
        expect(fold(text.slice(found.start, found.end))).toContain(word);
      }),
      { numRuns: 1_000 },
    );
  });
});
