import { median } from '../support/stats.mjs';

const HEAP_TOLERANCE = 1.1;
const HANDLE_TOLERANCE = 5;

/** Heap and handles of a process at rest, taken several times over its life. */
export class Growth {
  #heap = [];
  #handles = [];

  /** To be called when nothing is in flight. */
  take() {
    globalThis.gc();
    this.#heap.push(process.memoryUsage().heapUsed);
    this.#handles.push(process.getActiveResourcesInfo().length);
  }

  get report() {
    const [heapThen, heapNow] = thenAndNow(this.#heap);
    const [handlesThen, handlesNow] = thenAndNow(this.#handles);
    const MiB = (bytes) => (bytes / 2 ** 20).toFixed(2);
    return {
      'heap MiB': `${MiB(heapThen)} to ${MiB(heapNow)}`,
      handles: `${handlesThen} to ${handlesNow}`,
    };
  }

  get problems() {
    const [heapThen, heapNow] = thenAndNow(this.#heap);
    const [handlesThen, handlesNow] = thenAndNow(this.#handles);
    return [
      ...(heapNow > heapThen * HEAP_TOLERANCE ? ['the heap has grown'] : []),
      ...(handlesNow > handlesThen + HANDLE_TOLERANCE
        ? ['handles have grown']
        : []),
    ];
  }
}

/** Medians of the first and the last third, without the very first sample: code and pools warm up there. */
function thenAndNow([, ...samples]) {
  const third = Math.ceil(samples.length / 3);
  return [median(samples.slice(0, third)), median(samples.slice(-third))];
}
