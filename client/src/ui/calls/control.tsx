import type { ComponentProps } from 'react';
import type { IconName } from '../kit/icon.tsx';
import { Icon } from '../kit/icon.tsx';
import { Tooltip } from '../kit/tooltip.tsx';
import './controls.css';

/** What a round button of a call needs beyond what a `button` takes. */
export interface ControlProps extends Omit<ComponentProps<'button'>, 'className' | 'children'> {
  icon: IconName;
  /** Says what it is for; stays the same whether it is pressed or not. */
  label: string;
  /** What a press does now. */
  tip?: string;
  tone?: 'plain' | 'danger';
  /** Something about it is wrong; the words are elsewhere. */
  isTroubled?: boolean;
}

/** A round button over pictures. */
export function Control({ icon, label, tip = label, tone = 'plain', isTroubled, ...rest }: ControlProps) {
  return (
    <Tooltip tip={tip}>
      <button
        type="button"
        {...rest}
        className="control"
        data-tone={tone}
        data-troubled={isTroubled}
        aria-label={label}
      >
        <Icon name={icon} />
      </button>
    </Tooltip>
  );
}
