/**
 * What the state layer shows to the UI, and what the UI may ask of it. Components read an `AppState` and call `Actions`; they neither fetch
 * nor decrypt.
 */
export type * from './model/actions.ts';
export type * from './model/app-state.ts';
export type * from './model/calls.ts';
export type * from './model/conversations.ts';
export type * from './model/items.ts';
export type * from './model/people.ts';
