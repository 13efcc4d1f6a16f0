import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mintCredentials } from '../src/turn/credentials.ts';
import type { TurnSecrets } from '../src/turn/secrets.ts';
import {
  addSecret,
  firstSecrets,
  formatSecrets,
  mintingSecret,
  parseSecrets,
  SecretsFormatError,
  withoutDead,
} from '../src/turn/secrets.ts';

const START = 1_800_000_000;
const hexOf = (n: number) => n.toString(16).padStart(64, '0');
const server = { host: 'relay.example', port: 3478, tlsPort: undefined };

/** Secrets as any run of rotations leaves them. */
const anySecrets = fc
  .record({
    first: fc.nat(2 ** 40 - 2),
    steps: fc.array(fc.record({ pause: fc.nat(1_000_000), ttl: fc.integer({ min: 300, max: 86_400 }) }), {
      maxLength: 6,
    }),
  })
  .map(({ first, steps }) => {
    let secrets = firstSecrets(hexOf(first), START);
    let at = START;
    steps.forEach(({ pause, ttl }, i) => {
      at += pause;
      secrets = addSecret(secrets, hexOf(first + 1 + i), ttl, at);
    });
    return secrets;
  });

describe('the text of a secrets file', () => {
  const [one, two] = [hexOf(1), hexOf(2)];

  test('reads as what was written', () => {
    fc.assert(
      fc.property(anySecrets, (secrets) => {
        expect(parseSecrets(formatSecrets(secrets))).toEqual(secrets);
      }),
    );
  });

  test('is this one', () => {
    const text = `relay-turn-secrets 1\n${one} 1000 4670\n${two} 1010 -\n`;
    expect(formatSecrets(addSecret(firstSecrets(one, 1000), two, 3600, 1000))).toBe(text);
    expect(parseSecrets(text)).toEqual([
      { secret: one, mintFrom: 1000, dies: 4670 },
      { secret: two, mintFrom: 1010, dies: undefined },
    ]);
  });

  test.each([
    ['nothing', ''],
    ['no secret', 'relay-turn-secrets 1\n'],
    ['another version', `relay-turn-secrets 2\n${one} 5 -\n`],
    ['a last line that is cut', `relay-turn-secrets 1\n${one} 5 -`],
    ['an empty line', `relay-turn-secrets 1\n\n${one} 5 -\n`],
    ['line ends of another system', `relay-turn-secrets 1\r\n${one} 5 -\r\n`],
    ['a short secret', `relay-turn-secrets 1\n${one.slice(1)} 5 -\n`],
    ['capital letters', `relay-turn-secrets 1\n${'A'.repeat(64)} 5 -\n`],
    ['a negative time', `relay-turn-secrets 1\n${one} -5 -\n`],
    ['a fourth field', `relay-turn-secrets 1\n${one} 5 - 1\n`],
    ['an end of all', `relay-turn-secrets 1\n${one} 5 9\n`],
    ['two without an end', `relay-turn-secrets 1\n${one} 5 -\n${two} 6 -\n`],
    ['another order', `relay-turn-secrets 1\n${one} 7 99\n${two} 6 -\n`],
    ['a repeated secret', `relay-turn-secrets 1\n${one} 5 99\n${one} 6 -\n`],
  ])('is refused with %s, and the fault shows no secret', (_what, text) => {
    let fault: unknown;
    try {
      parseSecrets(text);
    } catch (error) {
      fault = error;
    }
    expect(fault).toBeInstanceOf(SecretsFormatError);
    expect(String(fault)).not.toMatch(/[0-9a-f]{32}/i);
  });

  test('is refused or read as itself, whatever it is', () => {
    const damaged = fc.tuple(anySecrets, fc.nat(), fc.constantFrom('', '0', ' ', '-', '\n', 'x'));
    fc.assert(
      fc.property(damaged, ([secrets, place, letter]) => {
        const text = formatSecrets(secrets);
        const at = place % text.length;
        const changed = text.slice(0, at) + letter + text.slice(at + 1);
        try {
          expect(formatSecrets(parseSecrets(changed))).toBe(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(SecretsFormatError);
        }
      }),
    );
  });
});

describe('rotation', () => {
  /** What happens in a life of the file: a second later or many, then something. */
  const event = fc.record({
    pause: fc.oneof(fc.nat(15), fc.nat(7200), fc.nat(2_000_000)),
    act: fc.constantFrom('mint', 'rotate', 'prune'),
    part: fc.nat(999),
  });
  const life = fc.record({
    ttl: fc.integer({ min: 300, max: 86_400 }),
    events: fc.array(event, { minLength: 1, maxLength: 40 }),
  });

  /** What a TURN server that looks once a second takes at a time. */
  function taken(secrets: TurnSecrets, at: number): string[] {
    return secrets.filter(({ dies }) => dies === undefined || dies > at).map(({ secret }) => secret);
  }

  test('never lacks a secret that the TURN server knows already and keeps for the whole life of what is made with it', async () => {
    await fc.assert(
      fc.asyncProperty(life, async ({ ttl, events }) => {
        const files: { from: number; secrets: TurnSecrets }[] = [
          { from: START, secrets: firstSecrets(hexOf(0), START) },
        ];
        const minted: { secret: string; at: number; expiry: number }[] = [];
        let at = START + 2;
        let made = 0;
        for (const { pause, act, part } of events) {
          at += pause;
          const { secrets } = files.at(-1) as (typeof files)[number];
          if (act === 'rotate') files.push({ from: at, secrets: addSecret(secrets, hexOf(++made), ttl, at) });
          else if (act === 'prune') files.push({ from: at, secrets: withoutDead(secrets, at) });
          else {
            const { secret } = mintingSecret(secrets, at);
            const token = new Uint8Array(32);
            const { username } = await mintCredentials({ ...server, ttl }, secrets, token, at * 1000 + part);
            minted.push({ secret, at, expiry: Number(username.split(':')[0]) });
          }
        }
        for (const { secret, at: madeAt, expiry } of minted) {
          // The TURN server has read what was there a second or more before, and what comes until the credential ends.
          const known = files.filter(({ from }) => from < madeAt).at(-1) ?? files[0];
          expect(known?.secrets.map((one) => one.secret)).toContain(secret);
          for (const time of [madeAt, expiry - 1]) {
            const file = files.filter(({ from }) => from <= time).at(-1);
            expect(taken(file?.secrets as TurnSecrets, time)).toContain(secret);
          }
        }
      }),
    );
  });

  test('uses a new secret after ten seconds, and lets the one before die a life of a credential and a minute later', () => {
    const [one, two] = [hexOf(1), hexOf(2)];
    const secrets = addSecret(firstSecrets(one, START), two, 600, START + 100);
    expect(mintingSecret(secrets, START + 109).secret).toBe(one);
    expect(mintingSecret(secrets, START + 110).secret).toBe(two);
    const dies = START + 110 + 600 + 60;
    expect(withoutDead(secrets, dies - 1)).toEqual(secrets);
    expect(withoutDead(secrets, dies).map(({ secret }) => secret)).toEqual([two]);
  });

  test('twice in a row leaves all in place until their time', () => {
    const [one, two, three] = [hexOf(1), hexOf(2), hexOf(3)];
    const once = addSecret(firstSecrets(one, START), two, 600, START + 100);
    const twice = addSecret(once, three, 600, START + 101);
    const at = (seconds: number) => mintingSecret(twice, START + seconds).secret;
    expect([at(109), at(110), at(111)]).toEqual([one, two, three]);
    expect(withoutDead(twice, START + 700)).toHaveLength(3);
  });

  test('keeps its order, and something to make credentials with, where a clock is set back', () => {
    const secrets = addSecret(firstSecrets(hexOf(1), START), hexOf(2), 600, START - 5_000);
    expect(parseSecrets(formatSecrets(secrets))).toEqual(secrets);
    expect(mintingSecret(secrets, START - 5_000).secret).toBe(hexOf(1));
    expect(secrets[0].dies).toBe(START + 660);
  });

  test('passes over a secret that somebody let die early', () => {
    const text = `relay-turn-secrets 1\n${hexOf(1)} 5 50\n${hexOf(2)} 100 -\n`;
    expect(mintingSecret(parseSecrets(text), 60).secret).toBe(hexOf(2));
  });
});
