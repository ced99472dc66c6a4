import { Injectable } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { TokenService, type PermissionExpression } from 'nestjs-portone-auth';

/** A guarded route: the permissions it needs, and which of them our token lacks now. */
export interface RouteState {
  /** Such as `POST /payments/{id}/cancel`. */
  readonly route: string;
  readonly needs: readonly string[];
  readonly missing: readonly string[];
}

interface GuardedRoute {
  readonly route: string;
  readonly expressions: readonly PermissionExpression[];
}

/** The routes of the shop that require a permission, read from its Swagger document. */
@Injectable()
export class ShopRoutes {
  private guarded: readonly GuardedRoute[] = [];

  constructor(private readonly tokens: TokenService) {}

  read({ paths }: OpenAPIObject): void {
    this.guarded = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations as object).flatMap(([method, operation]) => {
        const expressions = (operation as Record<string, unknown>)[
          'x-portone-permissions'
        ] as PermissionExpression[] | undefined;
        const route = `${method.toUpperCase()} ${path}`;
        return expressions ? [{ route, expressions }] : [];
      }),
    );
  }

  state(): RouteState[] {
    return this.guarded.map(({ route, expressions }) => ({
      route,
      // Every route of the shop needs plain names; `anyOf` and `allOf` would be shown in JSON.
      needs: expressions.map((it) =>
        typeof it === 'string' ? it : JSON.stringify(it),
      ),
      missing: expressions.flatMap((it) => this.tokens.missingPermissions(it)),
    }));
  }
}
