import { beforeEach, expect, it, jest } from '@jest/globals';

beforeEach(() => {
  jest.resetModules();
});

/** Our own axios, and the one that requests go through beside a HttpService with this `axiosRef`. */
async function beside(axiosRef: (version: string) => unknown) {
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

it("Requests go through the build of axios that Nest's HttpService uses", async () => {
  const { given, nestAxios } = await beside((VERSION) => ({ VERSION }));
  expect(nestAxios).toBe(given);
});

it.each<[string, unknown]>([
  ['is of another version', { VERSION: '1.7.9' }],
  ['was mocked away', undefined],
])("Requests go through our own axios where Nest's %s", async (_, axiosRef) => {
  const { ours, nestAxios } = await beside(() => axiosRef);
  expect(nestAxios).toBe(ours);
});
