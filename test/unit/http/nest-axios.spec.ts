import { beforeEach, expect, it, jest } from '@jest/globals';

beforeEach(() => {
  jest.resetModules();
});

/** Loads `nestAxios` when Nest's HttpService has this `axiosRef`. */
async function load(axiosRef: (version: string) => unknown) {
  const { default: ours } = await import('axios');
  const given = axiosRef(ours.VERSION);
  jest.unstable_mockModule('@nestjs/axios', () => ({
    HttpService: class {
      axiosRef = given;
    },
  }));
  const { nestAxios } = await import('../../../lib/http/nest-axios.js');
  return { ours, given, nestAxios };
}

it("Requests use the build of axios of Nest's HttpService", async () => {
  const { given, nestAxios } = await load((VERSION) => ({ VERSION }));
  expect(nestAxios).toBe(given);
});

it.each<[string, unknown]>([
  ['has another version', { VERSION: '1.7.9' }],
  ['is missing in a mock', undefined],
])("Requests use our own axios when Nest's %s", async (_, axiosRef) => {
  const { ours, nestAxios } = await load(() => axiosRef);
  expect(nestAxios).toBe(ours);
});
