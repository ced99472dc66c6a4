import type {
  AxiosDefaults,
  AxiosHeaderValue,
  CreateAxiosDefaults,
  InternalAxiosRequestConfig,
  RawAxiosHeaders,
} from 'axios';
import { nestAxios } from './nest-axios.js';
import { sealed } from './scrub/sealed-agent.js';

type Fields = Record<string, unknown>;
type HeadersByMethod = Map<string, [name: string, value: AxiosHeaderValue][]>;
type Filled = InternalAxiosRequestConfig & { [IS_FOREIGN]?: boolean };

/** Marks a config that has the plain defaults, because it goes to another origin. */
const IS_FOREIGN = Symbol('PortOneAuth:IsForeign');
/** axios reads these before the origin of a request is known. */
const OF_EVERY_ORIGIN = ['method', 'allowAbsoluteUrls', 'baseURL', 'headers'];
const NONE: [string, AxiosHeaderValue][] = [];
const AGENTS = ['httpAgent', 'httpsAgent'];
/** Flat objects of axios. axios copies them deeply for every request, which takes longer than to attach the token. */
const FLAT = ['env', 'transitional'];
const METHODS = new Set(
  'delete get head options post put patch query'.split(' '),
);

/**
 * The option `http` is for PortOne. Requests to other origins get what a plain axios instance would give them. So the
 * instance has no default for the fields of `http`: each request gets our value, or the plain one, when its origin is known.
 */
export class OriginDefaults {
  private readonly ours = Object.create(null) as Fields;
  private readonly plain = Object.create(null) as Fields;
  private readonly ourHeaders: HeadersByMethod;
  private readonly plainHeaders: HeadersByMethod;

  /** Removes the fields of `http` from the defaults of the instance. */
  constructor(http: CreateAxiosDefaults, defaults: AxiosDefaults) {
    const own = defaults as unknown as Fields;
    for (const [field, value] of Object.entries(http)) {
      if (OF_EVERY_ORIGIN.includes(field)) continue;
      const plain = own[field];
      if (AGENTS.includes(field)) this.ours[field] = sealed(value);
      else if (isPlainObject(plain))
        this.ours[field] = merged(field, plain, value);
      else this.ours[field] = value;
      if (plain !== undefined) this.plain[field] = plain;
      delete own[field];
    }
    for (const field of FLAT)
      if (!(field in this.ours))
        this.ours[field] = this.plain[field] = own[field];
    for (const field of AGENTS) this.hide(own, field, sealed);
    for (const field of FLAT) this.hide(own, field, (value) => value);
    this.ourHeaders = headersByMethod(http.headers);
    this.plainHeaders = takeHeaders(defaults.headers, this.ourHeaders);
  }

  /** Hides a default from axios, which would copy it to every config. One that the app sets later is used for every origin. */
  private hide(
    defaults: Fields,
    field: string,
    kept: (value: unknown) => unknown,
  ): void {
    Object.defineProperty(defaults, field, {
      get: () => this.ours[field],
      set: (value: unknown) => {
        this.ours[field] = this.plain[field] = kept(value);
      },
      enumerable: false,
      configurable: true,
    });
  }

  /** Fills in the defaults. Called before any interceptor of the app runs. */
  fill(config: Filled, isOurs: boolean): void {
    if (!isOurs) config[IS_FOREIGN] = true;
    else if (config[IS_FOREIGN]) delete config[IS_FOREIGN];
    const fields = config as unknown as Fields;
    const defaults = isOurs ? this.ours : this.plain;
    for (const field in defaults) {
      const value = defaults[field];
      if (isPlainObject(value))
        fields[field] =
          fields[field] === undefined && FLAT.includes(field)
            ? { ...value }
            : merged(field, value, fields[field]);
      else if (value !== undefined && !Object.hasOwn(fields, field))
        fields[field] = value;
    }
    const headers = isOurs ? this.ourHeaders : this.plainHeaders;
    for (const [name, value] of headers.get(config.method!) ?? NONE)
      if (!config.headers.has(name)) config.headers.set(name, value);
  }

  /** Called just before sending. If an interceptor has changed the origin, replaces the defaults in the config and returns true. */
  settle(config: Filled, copy: Filled, isOurs: boolean): boolean {
    const wasOurs = copy[IS_FOREIGN] !== true;
    if (wasOurs === isOurs) return false;
    const fields = config as unknown as Fields;
    const wrong = wasOurs ? this.ours : this.plain;
    for (const field in wrong)
      if (fields[field] === wrong[field]) delete fields[field];
    const headers = wasOurs ? this.ourHeaders : this.plainHeaders;
    for (const [name, value] of headers.get(config.method!) ?? NONE)
      if (config.headers.get(name) === value) config.headers.delete(name);
    this.fill(config, isOurs);
    return true;
  }
}

const isPlainObject = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, null].includes(
    Object.getPrototypeOf(value) as object | null,
  );

/** Merged by the rules of axios, such as those for `params`. */
const merged = (field: string, value: object, given: unknown): unknown =>
  (nestAxios.mergeConfig({ [field]: value }, { [field]: given }) as Fields)[
    field
  ];

/** Headers by method. As in axios, `given` holds headers, and groups of headers such as `common` and `post`. */
function headersByMethod(given: unknown): HeadersByMethod {
  const { common, ...rest } = Object.fromEntries(
    Object.entries(given ?? {}),
  ) as Record<string, object | undefined>;
  const flat = Object.entries(rest).filter(([name]) => !METHODS.has(name));
  const byMethod: HeadersByMethod = new Map();
  for (const method of METHODS) {
    const headers = new nestAxios.AxiosHeaders({
      ...common,
      ...rest[method],
      ...Object.fromEntries(flat),
    } as RawAxiosHeaders);
    const entries = Object.entries(headers);
    if (entries.length > 0) byMethod.set(method, entries);
  }
  return byMethod;
}

/** Removes the headers named in `wanted` from the defaults, and returns their values by method. */
function takeHeaders(
  defaults: AxiosDefaults['headers'],
  wanted: HeadersByMethod,
): HeadersByMethod {
  const names = new Set(
    [...wanted.values()].flat().map(([name]) => name.toLowerCase()),
  );
  const taken: Record<string, Record<string, unknown>> = {};
  for (const [group, headers] of Object.entries(defaults)) {
    for (const [name, value] of Object.entries(headers ?? {})) {
      if (!names.has(name.toLowerCase())) continue;
      (taken[group] ??= {})[name] = value;
      Reflect.deleteProperty(headers as object, name);
    }
  }
  return headersByMethod(taken);
}
