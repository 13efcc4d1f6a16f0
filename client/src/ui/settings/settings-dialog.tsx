import type { ReactNode } from 'react';
import { useId, useState } from 'react';
import { CallSettings } from '../calls/call-settings.tsx';
import { useActions, useApp } from '../context.tsx';
import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Note } from '../kit/note.tsx';
import { Segmented } from '../kit/segmented.tsx';
import { Switch } from '../kit/switch.tsx';
import { strings } from '../strings.ts';
import { PanicDialog } from './panic-dialog.tsx';
import { SaveIdentityDialog } from './save-identity-dialog.tsx';
import './settings.css';

const text = strings.settings;

const THEMES = (['system', 'light', 'dark'] as const).map((value) => ({
  value,
  label: text.themes[value],
  testId: `theme-${value}`,
}));

function Section({ title, children }: { title: string; children: ReactNode }) {
  const heading = useId();
  return (
    <section className="settings-section" aria-labelledby={heading}>
      <h3 id={heading}>{title}</h3>
      {children}
    </section>
  );
}

function Choices() {
  const { theme, readReceipts, keepOnDevice, coverTraffic } = useApp((state) => state.settings);
  const { changeSettings } = useActions();
  return (
    <>
      <Section title={text.appearance}>
        <Segmented
          label={text.theme}
          options={THEMES}
          value={theme}
          onChange={(chosen) => changeSettings({ theme: chosen })}
        />
      </Section>
      <Section title={text.privacy}>
        <Switch
          label={text.receipts}
          hint={text.receiptsHint}
          checked={readReceipts}
          onChange={(on) => changeSettings({ readReceipts: on })}
          testId="read-receipts"
        />
        <Switch
          label={text.keep}
          hint={text.keepHint}
          checked={keepOnDevice}
          onChange={(on) => changeSettings({ keepOnDevice: on })}
          testId="keep-on-device"
        />
        <Switch
          label={text.cover}
          hint={text.coverHint}
          checked={coverTraffic}
          onChange={(on) => changeSettings({ coverTraffic: on })}
          testId="cover-traffic"
        />
      </Section>
    </>
  );
}

function RelaySection() {
  const relay = useApp((state) => state.relay);
  if (relay === undefined) return null;
  const { way, hides, shows } = text.relay[relay.way];
  return (
    <Section title={text.relay.title}>
      <p data-testid="relay-way" data-way={relay.way}>
        <strong>{way}</strong>
        <span className="settings-origin">{relay.origin}</span>
      </p>
      <p className="settings-hint">{hides}</p>
      <p className="settings-hint">{shows}</p>
    </Section>
  );
}

function IdentitySection({ onSave }: { onSave: () => void }) {
  const { serial, isNewerThanFile } = useApp((state) => state.roster);
  return (
    <Section title={text.identity}>
      <p data-testid="roster-serial">
        <strong>{text.serial(serial)}</strong>
        <span className="settings-hint">{text.serialLead}</span>
      </p>
      {isNewerThanFile && (
        <Note tone="warn" icon="file" title={text.newer} testId="identity-old">
          <p>{text.newerLead}</p>
        </Note>
      )}
      <Button
        icon="download"
        tone={isNewerThanFile ? 'primary' : 'plain'}
        data-testid="save-identity"
        onClick={onSave}
      >
        {text.save}
      </Button>
    </Section>
  );
}

/** What a member chooses for itself, its identity file, and the way out in an emergency. */
export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const [open, setOpen] = useState<'save' | 'panic'>();
  const end = () => setOpen(undefined);
  return (
    <Dialog title={text.title} onClose={onClose} testId="settings">
      <div className="settings">
        <Choices />
        <Section title={strings.callSettings.title}>
          <CallSettings />
        </Section>
        <RelaySection />
        <IdentitySection onSave={() => setOpen('save')} />
        <Section title={text.panic}>
          <p className="settings-hint">{text.panicLead}</p>
          <Button icon="warning" data-testid="panic" onClick={() => setOpen('panic')}>
            {text.panicButton}
          </Button>
        </Section>
      </div>
      {open === 'save' && <SaveIdentityDialog onClose={end} />}
      {open === 'panic' && <PanicDialog onClose={end} />}
    </Dialog>
  );
}
