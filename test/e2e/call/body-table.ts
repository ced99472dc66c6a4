import { Readable } from 'node:stream';

type Row = readonly [string, () => unknown];

/** Bodies that are sent again with the replay. */
export const REPLAYED: readonly Row[] = [
  ['a string', () => 'plain text'],
  ['URLSearchParams', () => new URLSearchParams({ a: '1', b: '&' })],
  ['a Buffer', () => Buffer.from('bytes')],
  ['an ArrayBuffer', () => new TextEncoder().encode('bytes').buffer],
  ['a typed array', () => new Uint16Array([0x6261, 0x6463])],
  ['a Blob', () => new Blob(['bytes'], { type: 'text/plain' })],
  [
    'FormData',
    () => {
      const form = new FormData();
      form.append('amount', '1');
      form.append('receipt', new Blob(['bytes']), 'receipt.txt');
      return form;
    },
  ],
  ['nothing', () => undefined],
  ['null', () => null],
];

/** Bodies that can be sent once only. */
export const ONCE: readonly Row[] = [
  ['a Readable', () => Readable.from(['once'])],
];
