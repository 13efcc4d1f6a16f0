import { useState } from 'react';
import type { Contact, Conversation } from '../../state/model.ts';
import { useActions } from '../context.tsx';
import { titleOf } from '../conversations/names.ts';
import { GroupAvatar } from '../kit/avatar.tsx';
import { Button } from '../kit/button.tsx';
import { ConfirmDialog } from '../kit/confirm-dialog.tsx';
import { Note } from '../kit/note.tsx';
import { strings } from '../strings.ts';
import { GroupLineage } from './group-lineage.tsx';
import { GroupName } from './group-name.tsx';
import { MemberList } from './member-list.tsx';
import './details.css';

const text = strings.group;

/** A group as the details show it. */
export type Group = Extract<Conversation, { kind: 'group' }>;

function LeaveDialog({ group, onClose }: { group: Group; onClose: () => void }) {
  const { leaveGroup } = useActions();
  const isLast = group.members.length <= 2;
  return (
    <ConfirmDialog
      title={text.leaveTitle}
      lead={isLast ? text.leaveLeadLast : text.leaveLead}
      choices={[
        { label: text.leave, tone: 'danger', testId: 'leave-confirm', act: () => leaveGroup(group.id) },
      ]}
      onClose={onClose}
    />
  );
}

/** What details of a group need. */
export interface GroupDetailsProps {
  group: Group;
  onShow: (contact: Contact) => void;
  /** Asked to change who is in it. */
  onEdit: () => void;
  /** The group before or after it. */
  onOpen: (conversationId: string) => void;
}

/** Who is in a group, what it is called, and what it goes on from. */
export function GroupDetails({ group, onShow, onEdit, onOpen }: GroupDetailsProps) {
  const [leaving, setLeaving] = useState(false);
  return (
    <div className="details">
      <div className="details-who">
        <GroupAvatar members={group.members} size="l" />
        <div>
          <strong>{titleOf(group)}</strong>
          <p>{strings.conversations.members(group.members.length)}</p>
        </div>
      </div>
      {group.ended && <Note icon="info">{text[group.ended]}</Note>}
      <GroupLineage group={group} onOpen={onOpen} />
      {group.canWrite && <GroupName key={group.id} group={group} />}
      <MemberList members={group.members} onShow={onShow} />
      {group.canWrite && (
        <div className="details-actions">
          <Button icon="group" data-testid="details-members" onClick={onEdit}>
            {text.change}
          </Button>
          <Button icon="leave" data-testid="details-leave" onClick={() => setLeaving(true)}>
            {text.leave}
          </Button>
        </div>
      )}
      {leaving && <LeaveDialog group={group} onClose={() => setLeaving(false)} />}
    </div>
  );
}
