import { describe, expect, inject, it } from 'vitest';
import { Appliance } from './support/appliance.ts';
import { identityOf, Member, makeCircle } from './support/circle.ts';

const appliance = new Appliance(inject('appliance'));
const circle = inject('circle');

async function member(number: number): Promise<Member> {
  return new Member(appliance.relayUrl, await identityOf(circle, number));
}

describe('seeding by standard input', () => {
  it('again changes nothing, and says so', async () => {
    const { code, stdout } = await appliance.admin(['identities', 'seed', '-', '--json'], circle.seed);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ added: 0, unchanged: 3 });
  });

  it('lists the members by what the relay knows of them', async () => {
    const { code, stdout } = await appliance.admin(['identities', 'list', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).members).toHaveLength(3);
  });

  it('refuses another circle, and keeps this one', async () => {
    const { seed: other } = await makeCircle();
    const { code } = await appliance.admin(['identities', 'seed', '-'], other);
    expect(code).toBe(4);
    const { stdout } = await appliance.admin(['identities', 'list', '--json']);
    expect(JSON.parse(stdout).members).toHaveLength(3);
  });
});

it('members exchange blobs through the published port', async () => {
  const [one, two] = [await member(1), await member(2)];
  const sent = await one.send(two.identity.member.keyHash, 5);
  const answer = await two.send(one.identity.member.keyHash, 2);
  const [atTwo, atOne] = [await two.receive(), await one.receive()];
  for (const [id, hash] of sent) expect(atTwo.get(id)).toBe(hash);
  for (const [id, hash] of answer) expect(atOne.get(id)).toBe(hash);
});

it('a stranger gets no session', async () => {
  const stranger = await identityOf(await makeCircle(), 1);
  await expect(new Member(appliance.relayUrl, stranger).session()).rejects.toMatchObject({
    code: 'unauthenticated',
  });
});
