import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
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
  @IsInt(between(1, DAY_MS, 'whole milliseconds'))
  @Min(1, between(1, DAY_MS, 'whole milliseconds'))
  @Max(DAY_MS, between(1, DAY_MS, 'whole milliseconds'))
  readonly initial!: number;

  @IsInt(between(1, DAY_MS, 'whole milliseconds'))
  @Min(1, between(1, DAY_MS, 'whole milliseconds'))
  @Max(DAY_MS, between(1, DAY_MS, 'whole milliseconds'))
  readonly max!: number;
}

class RenewalDto {
  @IsIn(['auto', 'refresh', 'login'], {
    message: "must be 'auto', 'refresh' or 'login'",
  })
  readonly strategy!: string;

  @IsBoolean({ message: 'must be true or false' })
  readonly background!: boolean;

  @IsNumber({}, between(0.1, 0.95, 'a share'))
  @Min(0.1, between(0.1, 0.95, 'a share'))
  @Max(0.95, between(0.1, 0.95, 'a share'))
  readonly at!: number;

  @IsNumber({}, between(0, 0.5, 'a share'))
  @Min(0, between(0, 0.5, 'a share'))
  @Max(0.5, between(0, 0.5, 'a share'))
  readonly jitter!: number;

  @IsObject({ message: 'must be { initial, max }' })
  @ValidateNested()
  @Type(() => BackoffDto)
  readonly backoff!: BackoffDto;
}

/** The plain fields, with defaults filled in; agents, functions and stores never go through it, as it would clone them. */
export class AuthModuleOptionsDto {
  @IsTokenUrl()
  readonly baseURL!: string;

  @IsArray({ message: 'must be a list of origins' })
  @IsTokenUrl({ each: true })
  readonly allowedOrigins!: string[];

  @IsInt(between(1, DAY_MS, 'whole milliseconds'))
  @Min(1, between(1, DAY_MS, 'whole milliseconds'))
  @Max(DAY_MS, between(1, DAY_MS, 'whole milliseconds'))
  readonly tokenTimeout!: number;

  @IsBoolean({ message: 'must be true or false' })
  readonly eager!: boolean;

  @IsObject({ message: 'must be an object' })
  @ValidateNested()
  @Type(() => RenewalDto)
  readonly renewal!: RenewalDto;

  @IsObject({ message: 'must be an object' })
  @ValidateNested()
  @Type(() => PermissionsDto)
  readonly permissions!: PermissionsDto;
}
