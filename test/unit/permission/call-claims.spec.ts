import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { ExecutionContextHost } from '@nestjs/core/internal';
import {
  recallClaims,
  rememberClaims,
} from '../../../lib/permission/portone-claims.decorator.js';

class Routes {
  one() {}
}

const contextOf = (type: string, args: unknown[]) => {
  const context = new ExecutionContextHost(args, Routes, Routes.prototype.one);
  context.setType(type);
  return context;
};
const claims = () => ({ iat: 0, exp: 1 });
const others = () => ({ iat: 0, exp: 2 });
const request = () => ({ headers: {} });

describe('The claims of a call', () => {
  it.each<[string, unknown[]]>([
    ['http', [request(), {}, undefined]],
    ['http', ['a job of a queue']],
    ['graphql', [{}, {}, {}, {}]],
    ['graphql', [{ __typename: 'Payment' }, {}, {}]],
    ['rpc', ['text', undefined]],
    ['ws', [{}, { amount: 1 }, 'pattern']],
    ['ws', [{}, 'text', 'pattern']],
    ['telegraf', ['text', null]],
  ])(
    'are found through another context of the same call (%s %j)',
    (type, args) => {
      rememberClaims(contextOf(type, args), claims);
      rememberClaims(contextOf(type, args), claims);
      // Nest copies the array of arguments for the parameter decorators.
      expect(recallClaims(contextOf(type, [...args]))).toBe(claims);
    },
  );

  it('are found by the request, which is the only argument that the HTTP router passes on', () => {
    const one = request();
    rememberClaims(contextOf('http', [one, {}, undefined]), claims);
    expect(recallClaims(contextOf('http', [one, {}, undefined]))).toBe(claims);
  });

  it.each<[string, unknown[]]>([
    ['http', ['a job of a queue', { bot: true }]],
    ['graphql', [{}, {}, {}, {}]],
    ['rpc', [{ amount: 1 }, {}]],
    ['ws', [{}, 'text', 'pattern']],
    ['ws', [{}, {}, 'pattern']],
    ['telegraf', [{}, {}]],
  ])(
    'are not mixed up with those of a call that has the same arguments (%s %j)',
    (type, shared) => {
      const [first, second, third] = [[...shared], [...shared], [...shared]];
      rememberClaims(contextOf(type, first), claims);
      rememberClaims(contextOf(type, second), others);
      expect(recallClaims(contextOf(type, [...first]))).toBe(claims);
      expect(recallClaims(contextOf(type, [...second]))).toBe(others);
      expect(recallClaims(contextOf(type, third))).toBeUndefined();
    },
  );

  it('do not move the pattern of a WebSocket message, and add no argument to a GraphQL reference', () => {
    const message = contextOf('ws', [{}, 'text', 'pattern']);
    rememberClaims(message, claims);
    expect(message.switchToWs().getPattern()).toBe('pattern');
    const reference = [{}, {}, {}];
    rememberClaims(contextOf('graphql', reference), claims);
    expect(reference).toHaveLength(3);
  });
});
