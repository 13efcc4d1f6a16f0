import { beforeEach, describe, expect, it } from 'vitest';
import type { SentMessage } from '../src/state/receipts/expiry-watch.ts';
import { ExpiryWatch } from '../src/state/receipts/expiry-watch.ts';
import { HOUR, NOW } from './support/records.ts';

describe('the watch over what expired unread', () => {
  let isShown: boolean;
  let readers: Map<string, Set<string>>;
  let watch: ExpiryWatch;

  beforeEach(() => {
    isShown = true;
    readers = new Map();
    watch = new ExpiryWatch({
      get isShown() {
        return isShown;
      },
      readBy: (hash) => readers.get(hash) ?? new Set(),
      tells: (member) => member !== 'silent',
    });
  });

  function message(hash: string, hoursAgo: number, members = ['ada'], sentHoursAgo?: number): SentMessage {
    const sentAt = sentHoursAgo === undefined ? {} : { sentAt: NOW - sentHoursAgo * HOUR };
    const sentTo = members.map((member) => ({ member, blob: `${hash} to ${member}`, ...sentAt }));
    return { hash, at: NOW - hoursAgo * HOUR, sentTo };
  }
  const expired = (one: SentMessage, now = NOW) =>
    one.sentTo.filter((target) => watch.isExpired(one, target, now)).map(({ member }) => member);

  it('knows by the clock what no relay can hold any more', () => {
    const sent = message('m', 109, ['ada', 'silent', 'bob'], 108);
    expect(expired(sent)).toEqual([]);
    expect(expired(sent, NOW + 1)).toEqual(['ada', 'bob']);
    readers.set('m', new Set(['bob']));
    expect(expired(sent, NOW + 1)).toEqual(['ada']);
    isShown = false;
    expect(expired(sent, NOW + 1)).toEqual([]);
  });

  it('allows for the outbox where it does not know when a message left', () => {
    const sent = message('m', 132);
    expect(expired(sent)).toEqual([]);
    expect(expired(sent, NOW + 1)).toEqual(['ada']);
  });

  it('asks only for what is unread, old enough and of somebody who would have said so', () => {
    readers.set('read', new Set(['ada']));
    const messages = [
      message('young', 60),
      message('old', 61, ['ada', 'silent']),
      message('read', 70),
      message('late', 70, ['ada'], 59),
      message('gone', 133),
    ];
    expect(watch.probes(messages, NOW)).toEqual([{ member: 'ada', blob: 'old to ada' }]);
    isShown = false;
    expect(watch.probes(messages, NOW + 2 * HOUR)).toEqual([]);
  });

  it('takes the absence of a blob for its end, unless it was read', () => {
    const messages = [message('a', 70), message('b', 70)];
    const asked = watch.probes(messages, NOW);
    watch.answered(asked, new Set(['b to ada']), NOW);
    expect(messages.map((one) => expired(one))).toEqual([['ada'], []]);
    expect(watch.probes(messages, NOW + HOUR)).toEqual([{ member: 'ada', blob: 'b to ada' }]);
    readers.set('a', new Set(['ada']));
    expect(expired(messages[0] as SentMessage)).toEqual([]);
  });

  it('asks for 16 at most, once an hour, and comes round to all', () => {
    const messages = Array.from({ length: 20 }, (_, i) => message(`m${i}`, 65));
    const first = watch.probes(messages, NOW);
    const all = new Set(first.map(({ blob }) => blob));
    watch.answered(first, all, NOW);
    expect(first).toHaveLength(16);
    expect(watch.probes(messages, NOW + HOUR - 1)).toEqual([]);
    const second = watch.probes(messages, NOW + HOUR);
    expect(second).toHaveLength(16);
    for (const { blob } of second) all.add(blob);
    expect(all.size).toBe(20);
  });

  it('waits no hour when there was nothing to ask', () => {
    expect(watch.probes([], NOW)).toEqual([]);
    expect(watch.probes([message('m', 61)], NOW + 1)).toHaveLength(1);
  });
});
