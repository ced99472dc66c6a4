/** What happened to calls with our token, counted from the start of the process. */
export class CallCounters {
  /** Calls that were sent with our token; replays are not counted. */
  attached = 0;
  /** 401s to our token. */
  refused = 0;
  /** Replays that were accepted. */
  healed = 0;
  /** Replays that were refused as well. */
  unhealed = 0;
}
