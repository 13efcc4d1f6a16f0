/** Puts together what buys tickets for an account. */
import type { VaultClient } from '../../crypto/spawn.ts';
import type { LocalStore } from '../../storage/local-store.ts';
import type { Link } from '../../transport/link.ts';
import type { Fault } from '../model.ts';
import type { CarriageParts } from '../outbox/carriage.ts';
import type { After } from '../timer.ts';
import { TicketOffice } from './ticket-office.ts';
import type { TokenPace } from './token-stock.ts';
import { TokenStock } from './token-stock.ts';

/** What it needs of the account and its world. */
export interface TokenWorld {
  vault: VaultClient;
  view: { storeName: string };
  store: LocalStore;
  /** Runs work while no other window of this member runs any of this name. */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Whether anything is to be kept on this machine. */
  keeps(): boolean;
  link: Pick<Link, 'http' | 'watch' | 'withSession'>;
  now(): number;
  notice(fault: Fault, sender: string | undefined): void;
  after?: After | undefined;
  tokenPace?: TokenPace | undefined;
}

/** The stock of tokens, and whatever turns them into tickets. */
export interface TokenAssembly {
  tokens: TokenStock;
  tickets: TicketOffice;
  buyTicket: CarriageParts['buyTicket'];
  keepTicket: NonNullable<CarriageParts['keepTicket']>;
}

/** Makes it; nothing is asked of the relay before the stock is told that it is connected. */
export function assembleTokens(world: TokenWorld): TokenAssembly {
  const { link, after, tokenPace, now, view, exclusively, ...parts } = world;
  const tokens = new TokenStock({
    ...parts,
    now,
    exclusively: (name, work) => exclusively(`${name}-${view.storeName}`, work),
    fetchKeys: () => link.watch(() => link.http.tokenKeys()),
    draw: (request) => link.withSession((token) => link.http.drawTokens(token, request)),
    ...(after === undefined ? {} : { after }),
    ...(tokenPace === undefined ? {} : { pace: tokenPace }),
  });
  const tickets = new TicketOffice({
    stock: tokens,
    // No session: the relay is not told who sends.
    buy: (token, recipient) => link.watch(() => link.http.buyTicket(token, recipient)),
    now,
  });
  return {
    tokens,
    tickets,
    buyTicket: (recipient) => tickets.take(recipient),
    keepTicket: (recipient, ticket) => tickets.giveBack(recipient, ticket),
  };
}
