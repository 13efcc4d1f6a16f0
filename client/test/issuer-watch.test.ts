import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberSaid, relayTold, stillSaid } from '../src/state/tokens/issuer-watch.ts';
import type { IssuerMemory, KnownKey } from '../src/state/tokens/token-document.ts';
import { stockEdge } from './support/token-edge.ts';

const WEEK = 168;
const key = (epoch: number, hash = `${epoch}`): KnownKey => ({ epoch, hash });
const knowing = (told: number, ...keys: KnownKey[]): IssuerMemory => ({ keys, told });
const NOTHING: IssuerMemory = { keys: [], told: undefined };

describe('a relay that shows everybody one key', () => {
  it('is not suspected, whatever the calendar, revocations and the order of messages', () => {
    const events = fc.array(
      fc.record({
        hours: fc.nat(60),
        what: fc.constantFrom('roll', 'ask', 'ask', 'ask'),
        who: fc.nat(3),
      }),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(events, (list) => {
        let hour = 500_000;
        let keys = [key(hour)];
        let rolls = [hour];
        const members = Array.from({ length: 4 }, () => NOTHING);
        const suspicions: unknown[] = [];
        const ask = (who: number) => {
          const judged = relayTold(members[who] as IssuerMemory, keys, hour);
          members[who] = judged.memory;
          suspicions.push(judged.suspicion);
        };
        for (const { hours, what, who } of list) {
          hour += hours;
          const isDue = hour - (keys[0]?.epoch ?? 0) >= WEEK;
          rolls = rolls.filter((at) => at > hour - WEEK);
          if (isDue) keys = [key(hour), ...keys.filter(({ epoch }) => epoch + 192 > hour)];
          else if (what === 'roll' && rolls.length < 4)
            keys = [key(Math.max(hour, (keys[0]?.epoch ?? 0) + 1))];
          if (keys[0]?.epoch !== rolls.at(-1)) rolls.push(keys[0]?.epoch as number);
          ask(who);
          // Everybody hears what that member says, some of them later.
          const said = members[who] as IssuerMemory;
          const heard = { ...(said.keys[0] as KnownKey), hour: said.told as number };
          for (const [other, memory] of members.entries()) {
            if (other === who || memory.told === undefined) continue;
            if (memberSaid(memory, heard, hour) === 'ask') ask(other);
            suspicions.push(stillSaid(members[other] as IssuerMemory, heard, hour));
          }
        }
        expect(suspicions.filter((one) => one !== undefined)).toEqual([]);
      }),
    );
  });
});

describe('a relay that does not', () => {
  it('is noticed when one epoch has two keys', () => {
    const memory = knowing(500_001, key(500_000, 'mine'));
    expect(memberSaid(memory, { ...key(500_000, 'theirs'), hour: 500_001 }, 500_001)).toBe('two keys');
    expect(relayTold(memory, [key(500_000, 'another')], 500_002).suspicion).toBe('two keys');
    expect(relayTold(NOTHING, [key(1, 'a'), key(1, 'b')], 5).suspicion).toBe('two keys');
  });

  it('is noticed when it hides a newer key that a member was shown', () => {
    const memory = knowing(500_010, key(500_000));
    const heard = { ...key(500_009), hour: 500_010 };
    expect(memberSaid(memory, heard, 500_010)).toBe('ask');
    const asked = relayTold(memory, [key(500_000)], 500_010);
    expect(stillSaid(asked.memory, heard, 500_010)).toBe('unknown key');
  });

  it('is noticed when it shows a member an older key than others at the same time', () => {
    const memory = knowing(500_050, key(500_010), key(500_000));
    expect(memberSaid(memory, { ...key(500_000), hour: 500_050 }, 500_050)).toBe('hidden key');
    // That member may have asked before the newer one was there, as far as clocks tell.
    expect(memberSaid(memory, { ...key(500_000), hour: 500_012 }, 500_050)).toBeUndefined();
  });

  it('is noticed when it shows a key that it had hidden', () => {
    const memory = knowing(500_050, key(500_000));
    expect(relayTold(memory, [key(500_010), key(500_000)], 500_051).suspicion).toBe('hidden key');
    expect(relayTold(memory, [key(500_049), key(500_000)], 500_051).suspicion).toBeUndefined();
  });

  it('is noticed when it goes back, and when keys come too often', () => {
    expect(relayTold(knowing(500_050, key(500_010)), [key(500_000)], 500_051).suspicion).toBe('older key');
    let memory = NOTHING;
    const suspicions: unknown[] = [];
    for (let i = 0; i < 6; i++) {
      const judged = relayTold(memory, [key(500_000 + i)], 500_000 + i);
      memory = judged.memory;
      suspicions.push(judged.suspicion);
    }
    expect(suspicions).toEqual([undefined, undefined, undefined, undefined, undefined, 'many keys']);
  });
});

describe('what members say', () => {
  const SENDER = 'ab'.repeat(32);

  it('is compared with what the relay shows, and told in plain words', async () => {
    const { stock, told } = stockEdge();
    await stock.take();
    await stock.heard({ epoch: 500_000, hash: 'ff'.repeat(32), hour: 500_000 }, SENDER);
    expect(told).toEqual([
      [{ code: 'issuer_differs', message: expect.stringContaining('another token key than you') }, SENDER],
    ]);
  });

  it('has the relay asked once where it is newer, and is fine where the relay shows it too', async () => {
    const { stock, issuer, told } = stockEdge();
    await stock.take();
    issuer.roll(500_001);
    const other = stockEdge({ issuer });
    await other.stock.take();
    const statement = other.stock.statement();
    if (statement === undefined) throw new Error('no statement');
    const before = issuer.asked;
    const said = { ...statement, hash: Buffer.from(statement.hash).toString('hex') };
    await stock.heard(said, SENDER);
    await stock.heard(said, SENDER);
    expect([issuer.asked, told]).toEqual([before + 1, []]);
  });
});
