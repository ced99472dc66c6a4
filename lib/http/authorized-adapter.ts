import type {
  AxiosAdapter,
  AxiosInstance,
  AxiosResponse,
  InternalAxiosRequestConfig,
} from 'axios';
import type { SchedulerLike } from 'rxjs';
import { authorizedCall } from '../call/authorized-call.js';
import { ownAuthorization } from '../call/own-authorization.js';
import { directSettings } from '../portone/separate-connections.js';
import type { Clock } from '../time/clock.js';
import type { TokenService } from '../token/token.service.js';
import { attempt, copyOf } from './request/attempt.js';
import { AxiosCall } from './request/axios-call.js';
import { nestAxios } from './nest-axios.js';
import type { OriginDefaults } from './origin-defaults.js';
import { hasAgents, openAgents, sealAgents } from './scrub/sealed-agent.js';
import type { TokenOrigins } from './token-origin.js';

type Chosen = InternalAxiosRequestConfig['adapter'];
type Ours = AxiosAdapter & { [CHOSEN]?: Chosen };

const CHOSEN = Symbol('PortOneAuth:Chosen');

/** The adapter that ours wraps, or the given one if it is not ours. So a config that is sent again is not wrapped twice. */
const chosenBehind = (adapter: Chosen): Chosen =>
  typeof adapter === 'function' && CHOSEN in adapter
    ? ((adapter as Ours)[CHOSEN] as Chosen)
    : adapter;

/** Decides at the last moment, when URL, headers and body are final, whether a request gets our token. */
export class AuthorizedAdapter {
  constructor(
    private readonly tokens: TokenService,
    private readonly origins: TokenOrigins,
    private readonly defaults: OriginDefaults,
    private readonly clock: Clock,
    private readonly scheduler: SchedulerLike,
  ) {}

  /** Puts our adapter around the one that each request would use. The interceptor is synchronous, so it adds no promise. */
  attachTo(instance: AxiosInstance): void {
    const { request } = instance.interceptors;
    const attach = () =>
      request.use((config) => this.wrap(config), undefined, {
        synchronous: true,
        // axios calls this before it runs any interceptor.
        runWhen: (config) => this.prepare(config),
      });
    let ours = attach();
    const { clear, eject } = request;
    // After an app has removed its interceptors, its requests must still get a token.
    request.clear = () => {
      clear.call(request);
      ours = attach();
    };
    request.eject = (id) => {
      if (id !== ours) eject.call(request, id);
    };
    const create = instance.create.bind(instance);
    // As with any instance of axios, the new one has our baseURL, but not our interceptor.
    instance.create = (config) => {
      const { env, transitional } = instance.defaults;
      const made = create({
        ...config,
        env: { ...env, ...config?.env },
        transitional: { ...transitional, ...config?.transitional },
      });
      if (this.origins.allows({ baseURL: made.defaults.baseURL }))
        this.tokens.warnOnce(PLAIN_INSTANCE);
      return made;
    };
  }

  private prepare(config: InternalAxiosRequestConfig): true {
    this.defaults.fill(config, this.origins.allows(config));
    return true;
  }

  private wrap(config: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
    // axios will not call the adapter of a cancelled request, so ours would stay on the config.
    if (isCancelled(config)) {
      sealAgents(config);
      return config;
    }
    const adapter = this.around(chosenBehind(config.adapter));
    if (Object.isFrozen(config)) return { ...config, adapter };
    config.adapter = adapter;
    return config;
  }

  private around(chosen: Chosen): AxiosAdapter {
    const adapter: Ours = (config) => {
      // The config may be sent again, also on another instance. It must then start from the adapter that was chosen.
      config.adapter = chosen;
      let copy = copyOf(config);
      const isOurs = this.origins.allows(copy);
      if (this.defaults.settle(config, copy, isOurs)) copy = copyOf(config);
      if (hasAgents(copy)) {
        sealAgents(config);
        openAgents(copy);
      }
      if (isOurs && !copy.proxy && this.origins.isLoopback(copy))
        Object.assign(copy, directSettings(copy));
      const inner = nestAxios.getAdapter(copy.adapter, copy);
      return isOurs && this.wantsToken(copy)
        ? this.authorized(inner, config, copy)
        : this.plain(inner, config, copy);
    };
    adapter[CHOSEN] = chosen;
    return adapter;
  }

  private authorized(
    adapter: AxiosAdapter,
    config: InternalAxiosRequestConfig,
    copy: InternalAxiosRequestConfig,
  ): Promise<AxiosResponse> {
    const { clock, scheduler } = this;
    const call = new AxiosCall(adapter, config, copy, clock, scheduler);
    return authorizedCall(this.tokens, call);
  }

  /** Sends without a token. This answer must not lead to an agent either, because the agent may also serve calls to PortOne. */
  private async plain(
    adapter: AxiosAdapter,
    config: InternalAxiosRequestConfig,
    copy: InternalAxiosRequestConfig,
  ): Promise<AxiosResponse> {
    const { scheduler } = this;
    return (
      await attempt(adapter, config, copy, undefined, scheduler)
    ).result();
  }

  private wantsToken(config: InternalAxiosRequestConfig): boolean {
    if (config.portoneAuth === false) return false;
    const { auth, headers } = config;
    if (!auth && !headers.has('Authorization')) return true;
    this.tokens.warnOnce(
      ownAuthorization(auth ? 'Basic ' : headers.get('Authorization')),
    );
    return false;
  }
}

const isCancelled = ({
  signal,
  cancelToken,
}: InternalAxiosRequestConfig): boolean =>
  signal?.aborted === true || cancelToken?.reason !== undefined;

const PLAIN_INSTANCE =
  'An instance made by axiosRef.create() is plain axios: its requests to PortOne carry no token and do not have the settings of ' +
  '`http`. Use the HttpService itself, with the settings of one request as its config.';
