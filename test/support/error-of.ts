/** The error of a call. Rejects when the call succeeds. */
export const errorOf = <Failure = unknown>(
  call: Promise<unknown>,
): Promise<Failure> =>
  call.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: Failure) => error,
  );
