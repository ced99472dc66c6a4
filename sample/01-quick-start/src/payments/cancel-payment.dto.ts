import { IsInt, IsNotEmpty, IsOptional, IsString, Min } from 'class-validator';

export class CancelPaymentDto {
  @IsString()
  @IsNotEmpty()
  readonly reason!: string;

  /** In the currency's smallest unit. Default: the whole remaining amount. */
  @IsOptional()
  @IsInt()
  @Min(1)
  readonly amount?: number;
}
