/** Puts together what an account consists of. */
import type { CallBody } from '@relay/protocol';
import { fromHex } from '@relay/protocol';
import type { RelayHttp } from '../transport/http.ts';
import { Link } from '../transport/link.ts';
import { Book } from './book.ts';
import { CallDesk } from './calls/desk.ts';
import { invitationOf } from './calls/invitation.ts';
import { CallRoom } from './calls/room/room.ts';
import { RoomIds } from './calls/room-ids.ts';
import { CoverTraffic } from './cover/cover-traffic.ts';
import { Drawing } from './drawing.ts';
import { Downloads } from './files/downloads.ts';
import { Uploads } from './files/uploads.ts';
import type { CallStanding } from './history/view-context.ts';
import { codeOf, Intake } from './intake.ts';
import { Mailbox } from './mailbox.ts';
import type { Fault } from './model.ts';
import { Notices } from './notices.ts';
import type { Letter } from './outbox/letter.ts';
import { Outbox } from './outbox/outbox.ts';
import { ExpiryWatch } from './receipts/expiry-watch.ts';
import { Prober } from './receipts/prober.ts';
import { Receipts } from './receipts/receipts.ts';
import { deleteBlobs, deleteOwnBlobs, fetchOwnBlobs } from './relay-blobs.ts';
import { RosterKeeper } from './roster/roster-keeper.ts';
import { FileSender } from './sending/files.ts';
import { Gestures } from './sending/gestures.ts';
import { Groups } from './sending/groups.ts';
import { LongTexts } from './sending/long-text.ts';
import { Poster } from './sending/poster.ts';
import { Removal } from './sending/removal.ts';
import { Sender } from './sending/sender.ts';
import type { SettingsKeeper } from './settings/settings-keeper.ts';
import { after } from './timer.ts';
import { assembleTokens } from './tokens/assemble-tokens.ts';
import { turnTaker } from './turns.ts';
import type { Hooks, World } from './world.ts';

/** Everything of an account that works by itself. */
export type Assembly = ReturnType<typeof assemble>;

/** Makes the parts and ties them to each other; nothing happens before the link connects. */
export function assemble(world: World, settings: SettingsKeeper, hooks: Hooks) {
  const { vault, http, view, store, now } = world;
  const { self, circleId, storeName } = view;
  const book = new Book(circleId, self);
  const inTurn = turnTaker();
  const notices: Notices = new Notices((id) => book.contactOf(id));
  const link: Link = new Link(http, (origin, nonce) => vault.prove(origin, nonce), {
    status: hooks.connection,
    resync: () => {
      mailbox.resync();
      tokens.connected();
      cover.begin();
      texts.again();
      downloads.again();
      roster.connected();
    },
    blobs: (entries) => mailbox.announced(entries),
  });
  const { storageFailed, changed } = hooks;
  const fetch = (ids: readonly Uint8Array[]) => fetchOwnBlobs(link, ids);
  const read = (capabilities: Parameters<RelayHttp['readBlobs']>[0]) => http.readBlobs(capabilities);
  const deleteByCapability = (capabilities: Parameters<typeof deleteBlobs>[1]) =>
    deleteBlobs(link, capabilities);
  const { tokens, tickets, buyTicket, keepTicket } = assembleTokens({
    ...world,
    keeps: () => settings.settings.keepOnDevice,
    link,
    notice: (fault, sender) => {
      notices.addFault(fault, sender);
      changed();
    },
  });
  const upload = (ticket: Uint8Array, frame: Uint8Array) => link.watch(() => http.upload(ticket, frame));

  const outbox = new Outbox({
    store,
    self,
    sentLogMinutes: world.sentLogMinutes,
    seal: (recipient, kind, records) => vault.seal(recipient, kind, records, tokens.statement()),
    sealLocal: (plaintext) => vault.sealLocal(plaintext),
    openLocal: (sealed) => vault.openLocal(sealed),
    buyTicket,
    keepTicket,
    upload,
    exclusively: (work) => world.exclusively(`relay-outbox-${storeName}`, work),
    now,
    changed,
    storageFailed,
    acknowledged: (letter, blob) => acknowledged(letter, blob),
    logRefused: (code) => notices.add(code, self),
  });
  const receipts = new Receipts({
    self,
    isOn: () => settings.settings.readReceipts,
    send: hooks.receipt,
    ...(world.after === undefined ? {} : { after: world.after }),
  });
  const watch = new ExpiryWatch(receipts);
  const poster = new Poster({ circleId, book, outbox, now });
  const waiting = (id: string) => outbox.frame(id);
  const texts = new LongTexts({ vault, waiting, fetch, read, changed });
  const downloads = new Downloads({ vault, fetch, read, changed: hooks.progressed });
  const uploads = new Uploads({
    vault,
    store,
    buyTicket,
    upload,
    rosterSerial: () => roster.view.rosterSerial,
    deleteByCapability: (secrets) =>
      deleteByCapability(secrets.map(({ id, secret }) => ({ id: fromHex(id), secret }))),
    exclusively: (name, work) => world.exclusively(`${name}-${storeName}`, work),
    now,
    changed: hooks.progressed,
    storageFailed,
    finished: (upload) => files.finished(upload),
  });
  const removal = new Removal({
    vault,
    book,
    poster,
    deleteByCapability,
    deleteOwn: (ids) => deleteOwnBlobs(link, ids),
    forget: (hash) => downloads.forget(hash),
  });
  const calls =
    world.media === undefined || !world.media.isSupported
      ? undefined
      : new CallDesk({
          vault,
          transport: link.rooms,
          media: world.media,
          Room: CallRoom,
          book,
          poster,
          fetchCredentials: () => link.withSession((token) => http.turnCredentials(token)),
          settings: () => settings.settings,
          now,
          after: world.after ?? after,
          inTurn,
          isReload: world.isReload ?? false,
          notice: (fault, member) => notices.addFault(fault, member),
          changed: hooks.callsChanged,
          itemsChanged: changed,
        });
  const rooms = new RoomIds(changed);
  const callOf = (secret: Uint8Array): CallStanding | undefined => {
    const id = rooms.idOf(secret);
    return id === undefined ? undefined : { id, phase: calls?.calls.phaseOf(secret) ?? 'unknown' };
  };
  const drawing = new Drawing({ book, uploads, downloads, receipts, watch, texts, callOf, now });
  const closed = (entry: Parameters<Drawing['closed']>[0]): Fault | undefined => drawing.closed(entry);
  const groups = new Groups({ circleId, book, poster, closed, inTurn, changed });
  const gestures = new Gestures({ book, poster, removal, closed, inTurn });
  const sender = new Sender({
    vault,
    book,
    poster,
    outbox,
    texts,
    now,
    closed,
    inTurn,
    before: hooks.before,
  });
  const files = new FileSender({ book, poster, tickets, uploads: () => uploads, closed, inTurn });
  const prober = new Prober({ book, watch, vault, http, now, changed });
  const roster = new RosterKeeper(
    {
      vault,
      kept: settings,
      fetch: () => link.withSession((token) => http.rosterUpdate(token)),
      changed: hooks.rosterChanged,
      told: hooks.rosterTold,
      notice: (fault, sender) => notices.addFault(fault, sender),
    },
    view,
  );
  const intake = new Intake({
    book,
    notices,
    receipts,
    removal,
    groups,
    texts,
    now,
    isUnread: hooks.isUnread,
    called: (record, { history }) => {
      const invitation = invitationOf(record, record.body as CallBody);
      calls?.calls
        .heard(record, invitation, (room) => history.isHungUp(room))
        .catch((error: unknown) => notices.add(codeOf(error), record.author));
    },
    rosterHeard: (serial, hash, sender) => roster.heard(serial, hash, sender),
    issuerHeard: (issuer, sender) => void tokens.heard(issuer, sender),
  });
  const mailbox: Mailbox = new Mailbox({
    vault,
    list: () => link.withSession((token) => http.listMailbox(token)),
    fetch,
    opened: (message, blob) => {
      intake.take(message, blob);
      changed();
    },
    refused: (_id, code, sender) => {
      notices.add(code, sender);
      // It may be of a member who uses a newer circle secret than this one has.
      if (code === 'blob_unrecognised' && sender === undefined) void roster.ask();
      changed();
    },
    progress: hooks.progress,
    settled: hooks.settled,
  });

  const cover: CoverTraffic = new CoverTraffic({
    isWanted: () => settings.settings.coverTraffic && link.isOnline,
    members: () => (roster.isHeld() ? [] : book.contacts.flatMap(({ id, isFormer }) => (isFormer ? [] : id))),
    tokens: () => tokens.size,
    sealDecoy: (recipient) => vault.sealDecoy(recipient),
    tickets,
    upload,
    listed: () => mailbox.listed,
    fetch,
    exclusively: (name, work) => world.exclusively(`${name}-${storeName}`, work),
    after: world.after,
    pace: world.coverPace,
  });

  function acknowledged({ recipient, records }: Letter, blob: string): void {
    for (const { hash, private: part } of records) {
      const found = book.entryOf(hash);
      if (found === undefined || found.entry.kind === 'notes') continue;
      const fileKey = part.file instanceof Uint8Array ? part.file : undefined;
      found.record.sentTo.push({ member: recipient, blob, fileKey });
    }
    void removal
      .arrived(records.map(({ hash }) => hash))
      .catch((error: unknown) => notices.add(codeOf(error), self));
  }

  return {
    book,
    calls,
    inTurn,
    notices,
    link,
    tokens,
    outbox,
    receipts,
    watch,
    poster,
    texts,
    downloads,
    uploads,
    removal,
    drawing,
    files,
    prober,
    groups,
    gestures,
    sender,
    roster,
    intake,
    mailbox,
    /** What ends after the link, in this order. */
    stoppable: [mailbox, outbox, uploads, downloads, receipts, roster, tokens, cover],
  };
}
