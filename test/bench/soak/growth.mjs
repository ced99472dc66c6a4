import { median } from '../support/stats.mjs';

const HEAP_TOLERANCE = 1.1;
const HANDLE_TOLERANCE = 5;

/** The heap and the handles of an idle process, measured several times during its life. */
export class Growth {
  #heap = [];
  #handles = [];

  /** Call it only when no request is in flight. */
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

/** The medians of the first and the last third. The very first sample is left out, because it includes the warm-up. */
function thenAndNow([, ...samples]) {
  const third = Math.ceil(samples.length / 3);
  return [median(samples.slice(0, third)), median(samples.slice(-third))];
}
