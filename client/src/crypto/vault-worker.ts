/** The worker in which a browser's vault lives. */
import '../without-eval.ts';
import { expose } from 'comlink';
import { keepErrorCodes } from './error-transfer.ts';
import { Vault } from './vault.ts';

keepErrorCodes();
expose(new Vault());
