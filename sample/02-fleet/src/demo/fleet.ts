import { eventually } from './eventually.js';
import { InstanceProcess, type InstanceLaunch } from './instance-process.js';

/** Instances of one app, each a process, started and ended together. */
export class Fleet {
  private constructor(
    readonly launch: InstanceLaunch,
    readonly instances: InstanceProcess[],
  ) {}

  /** Starts all instances at once. Resolves when all of them listen. */
  static async start(size: number, launch: InstanceLaunch): Promise<Fleet> {
    const starting = Array.from({ length: size }, () =>
      InstanceProcess.start(launch),
    );
    return new Fleet(launch, await Promise.all(starting));
  }

  /** The instances that take requests. */
  get serving(): readonly InstanceProcess[] {
    return this.instances.filter(({ isServing }) => isServing);
  }

  async add(): Promise<InstanceProcess> {
    const instance = await InstanceProcess.start(this.launch);
    this.instances.push(instance);
    return instance;
  }

  /** Waits for this number of renewals of the fleet. A renewal ends when each serving instance has a new token. */
  async renewals(count: number): Promise<void> {
    for (let renewal = 1; renewal <= count; renewal += 1) {
      const next = new Map(
        this.serving.map((each) => [each, each.renewals + 1]),
      );
      await eventually(() =>
        [...next].every(([each, renewals]) => each.renewals >= renewals),
      );
    }
  }

  /** The largest number of new tokens that one instance has. */
  get mostRenewals(): number {
    return Math.max(...this.instances.map(({ renewals }) => renewals));
  }

  /** Waits for an instance that holds the lock. */
  async owner(): Promise<InstanceProcess> {
    const find = () => this.serving.find(({ isRenewing }) => isRenewing);
    await eventually(() => find() !== undefined);
    return find()!;
  }

  /** How many instances have logged a line with this text so far. */
  logged(text: string): number {
    return this.instances.filter(({ logged }) =>
      logged.some((line) => line.includes(text)),
    ).length;
  }

  async stop(): Promise<void> {
    await Promise.all(this.instances.map((each) => each.stop()));
  }
}
