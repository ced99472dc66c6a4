import { IsInt, IsNotEmpty, IsOptional, IsString, Min } from 'class-validator';

export class CancelPaymentDto {
  @IsString()
  @IsNotEmpty()
  readonly reason!: string;

  /** In the currency's smallest unit. Default: all that is left. */
  @IsOptional()
  @IsInt()
  @Min(1)
  readonly amount?: number;
}
