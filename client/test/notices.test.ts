import { expect, it } from 'vitest';
import { Notices } from '../src/state/notices.ts';
import { BOB, contactOf } from './support/chronicle.ts';

it('notices tell the same fault of the same member once, until it is dismissed', () => {
  const notices = new Notices(contactOf);
  notices.add('blob_forged', BOB);
  notices.add('blob_forged', BOB);
  notices.add('blob_forged', undefined);
  notices.add('record_time', BOB);
  expect(notices.list.map(({ from, fault }) => [from?.id, fault.code])).toEqual([
    [BOB, 'blob_forged'],
    [undefined, 'blob_forged'],
    [BOB, 'record_time'],
  ]);
  for (const { fault } of notices.list) expect(fault.message.length).toBeGreaterThan(10);
  notices.dismiss(notices.list[0]?.key ?? '');
  expect(notices.list).toHaveLength(2);
  notices.add('blob_forged', BOB);
  expect(notices.list).toHaveLength(3);
});
