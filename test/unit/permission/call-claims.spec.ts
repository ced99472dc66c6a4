import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { ExecutionContextHost } from '@nestjs/core/internal';
import {
  recallClaims,
  rememberClaims,
} from '../../../lib/permission/call-claims.js';

class Routes {
  one() {}

  other() {}
}
const { one, other } = Routes.prototype;

const contextOf = (type: string, args: unknown[], handler = one) => {
  const context = new ExecutionContextHost(args, Routes, handler);
  context.setType(type);
  return context;
};
const claims = () => ({ iat: 0, exp: 1 });

describe('The claims of a call', () => {
  it.each<[string, () => [unknown[], unknown[]]]>([
    ['http', () => pair({}, (request) => [request, {}])],
    ['graphql', () => pair({}, (context) => [{}, {}, context, {}])],
    ['rpc', () => pair({}, (context) => [{ amount: 1 }, context])],
    ['ws', () => pair({}, (message) => [{}, message])],
    ['ws', () => pair({}, (socket) => [socket, 'text'])],
    ['ws', () => pair({}, (socket) => [socket, null])],
    ['telegraf', () => pair({}, (update) => ['text', null, update])],
  ])('are found in another context of it (%s)', (type, args) => {
    const [first, second] = args();
    rememberClaims(contextOf(type, first), claims);
    expect(recallClaims(contextOf(type, second))).toBe(claims);
  });

  it.each<[string, object]>([
    ['http', { 1: {} }],
    ['graphql', { 0: {}, 1: {}, 3: {} }],
    ['rpc', { 0: {} }],
    ['ws', { 0: {} }],
  ])(
    'are not those of a call that shares the rest with it (%s)',
    (type, shared) => {
      const args = () => Object.assign([{}, {}, {}, {}], shared);
      rememberClaims(contextOf(type, args()), claims);
      expect(recallClaims(contextOf(type, args()))).toBeUndefined();
    },
  );

  it('are those of the handler alone: one GraphQL request runs several', () => {
    const args = [{}, {}, {}, {}];
    rememberClaims(contextOf('graphql', args), claims);
    expect(recallClaims(contextOf('graphql', args, other))).toBeUndefined();
    const others = () => ({ iat: 0, exp: 2 });
    rememberClaims(contextOf('graphql', args, other), others);
    expect(recallClaims(contextOf('graphql', args, other))).toBe(others);
    expect(recallClaims(contextOf('graphql', args))).toBe(claims);
  });

  it('are nowhere when the call has no object of its own', () => {
    const context = contextOf('ws', ['socket', null]);
    rememberClaims(context, claims);
    expect(recallClaims(context)).toBeUndefined();
  });
});

/** The arguments of two contexts that share one object. */
function pair(
  shared: object,
  args: (shared: object) => unknown[],
): [unknown[], unknown[]] {
  return [args(shared), args(shared)];
}
