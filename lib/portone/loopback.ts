const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether a URL names this machine, so no other host sees what is sent to it. */
export const isLoopback = ({ hostname }: URL): boolean =>
  LOOPBACK.test(hostname);
