import { openAxiosAuthRefresh } from './axios-auth-refresh.mjs';
import { openAzure } from './azure.mjs';
import { openBadgateway } from './badgateway.mjs';
import { openGoogleAuthLibrary } from './google-auth-library.mjs';
import { openOurClient } from './ours.mjs';

/** Each function opens a client of the emulator. Its `call` makes one API call and rejects unless the status is 200. */
export const clients = [
  openOurClient,
  openAxiosAuthRefresh,
  openBadgateway,
  openGoogleAuthLibrary,
  openAzure,
];
