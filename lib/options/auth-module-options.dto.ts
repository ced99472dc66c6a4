import { Expose, Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { PermissionsDto } from './permissions-options.dto.js';
import { IsTokenUrl } from './token-url.js';

const DAY_MS = 86_400_000;

const between = (min: number, max: number, unit: string) => ({
  message: `must be ${unit} from ${min} to ${max}`,
});

class BackoffDto {
  @Expose({ name: 'initial' })
  @IsInt(between(1, DAY_MS, 'whole milliseconds'))
  @Min(1, between(1, DAY_MS, 'whole milliseconds'))
  @Max(DAY_MS, between(1, DAY_MS, 'whole milliseconds'))
  readonly $initial!: number;

  @Expose({ name: 'max' })
  @IsInt(between(1, DAY_MS, 'whole milliseconds'))
  @Min(1, between(1, DAY_MS, 'whole milliseconds'))
  @Max(DAY_MS, between(1, DAY_MS, 'whole milliseconds'))
  readonly $max!: number;
}

class RenewalDto {
  @Expose({ name: 'strategy' })
  @IsIn(['auto', 'refresh', 'login'], {
    message: "must be 'auto', 'refresh' or 'login'",
  })
  readonly $strategy!: string;

  @Expose({ name: 'background' })
  @IsBoolean({ message: 'must be true or false' })
  readonly $background!: boolean;

  @Expose({ name: 'at' })
  @IsNumber({}, between(0.1, 0.95, 'a share'))
  @Min(0.1, between(0.1, 0.95, 'a share'))
  @Max(0.95, between(0.1, 0.95, 'a share'))
  readonly $at!: number;

  @Expose({ name: 'jitter' })
  @IsNumber({}, between(0, 0.5, 'a share'))
  @Min(0, between(0, 0.5, 'a share'))
  @Max(0.5, between(0, 0.5, 'a share'))
  readonly $jitter!: number;

  @Expose({ name: 'backoff' })
  @ValidateNested()
  @Type(() => BackoffDto)
  readonly $backoff!: BackoffDto;
}

// The reason for the `$` is in jwt-claims.ts.

/** The plain fields, with defaults filled in; agents, functions and stores never go through it, as it would clone them. */
export class AuthModuleOptionsDto {
  @Expose({ name: 'baseURL' })
  @IsTokenUrl()
  readonly $baseURL!: string;

  @Expose({ name: 'allowedOrigins' })
  @IsArray({ message: 'must be a list of origins' })
  @IsTokenUrl({ each: true })
  readonly $allowedOrigins!: string[];

  @Expose({ name: 'tokenTimeout' })
  @IsInt(between(1, DAY_MS, 'whole milliseconds'))
  @Min(1, between(1, DAY_MS, 'whole milliseconds'))
  @Max(DAY_MS, between(1, DAY_MS, 'whole milliseconds'))
  readonly $tokenTimeout!: number;

  @Expose({ name: 'eager' })
  @IsBoolean({ message: 'must be true or false' })
  readonly $eager!: boolean;

  @Expose({ name: 'renewal' })
  @ValidateNested()
  @Type(() => RenewalDto)
  readonly $renewal!: RenewalDto;

  @Expose({ name: 'permissions' })
  @ValidateNested()
  @Type(() => PermissionsDto)
  readonly $permissions!: PermissionsDto;
}
