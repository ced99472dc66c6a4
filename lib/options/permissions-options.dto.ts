import { Expose, Type } from 'class-transformer';
import {
  ArrayNotEmpty,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsString,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { IsTokenUrl } from './token-url.js';

const MERCHANT = { message: 'must be a merchant id, or a list of them' };
const TOLERANCE = { message: 'must be whole seconds from 0 to 60' };
const AGE = { message: 'must be whole seconds from 1 to 86400' };

/** Unlike `IsOptional` it does not take null for nothing: what was meant to narrow callers must not vanish. */
const IfGiven = () => ValidateIf((_, value: unknown) => value !== undefined);

/** The plain fields of caller verification; the key is judged by `readPublicKeys`. */
class VerificationDto {
  @Expose({ name: 'jwksUri' })
  @IfGiven()
  @IsTokenUrl()
  readonly $jwksUri?: string;

  @Expose({ name: 'merchantId' })
  @IfGiven()
  @ArrayNotEmpty(MERCHANT)
  @IsString({ ...MERCHANT, each: true })
  @IsNotEmpty({ ...MERCHANT, each: true })
  readonly $merchantId?: string[];

  @Expose({ name: 'storeId' })
  @IfGiven()
  @IsString({ message: 'must be a store id' })
  @IsNotEmpty({ message: 'must be a store id' })
  readonly $storeId?: string;

  @Expose({ name: 'clockTolerance' })
  @IsInt(TOLERANCE)
  @Min(0, TOLERANCE)
  @Max(60, TOLERANCE)
  readonly $clockTolerance!: number;

  @Expose({ name: 'maxTokenAge' })
  @IsInt(AGE)
  @Min(1, AGE)
  @Max(86_400, AGE)
  readonly $maxTokenAge!: number;
}

/** The plain fields of `permissions`, with defaults filled in. */
export class PermissionsDto {
  @Expose({ name: 'source' })
  @IsIn(['service', 'caller'], { message: "must be 'service' or 'caller'" })
  readonly $source!: string;

  @Expose({ name: 'bootCheck' })
  @IsIn(['off', 'warn', 'error'], {
    message: "must be 'off', 'warn' or 'error'",
  })
  readonly $bootCheck!: string;

  @Expose({ name: 'verification' })
  @IfGiven()
  @ValidateNested()
  @Type(() => VerificationDto)
  readonly $verification?: VerificationDto;
}
