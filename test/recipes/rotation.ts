import { AuthModule } from 'nestjs-portone-auth';
import { readFile } from 'node:fs/promises';

export const portone = AuthModule.forRootAsync({
  useFactory: () => ({
    apiSecret: async () =>
      (await readFile(process.env['PORTONE_API_SECRET_FILE']!, 'utf8')).trim(),
    baseURL: process.env['PORTONE_API_BASE_URL'],
  }),
});
