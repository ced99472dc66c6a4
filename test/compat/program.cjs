// An app with the package. `load` is `import` or `require`.
module.exports = async function program(load, entries) {
  const loaded = [];
  for (const entry of entries) {
    const names = Object.keys(await load(entry));
    if (names.length === 0) throw new Error(`${entry} exports nothing`);
    loaded.push(entry);
  }
  await load('reflect-metadata');
  const { NestFactory } = await load('@nestjs/core');
  const { AuthModule, PortOneHttpService } = await load('nestjs-portone-auth');
  const { PortOneEmulator } = await load('nestjs-portone-auth/testing');
  const portone = await PortOneEmulator.start();
  const { apiSecret, url: baseURL } = portone;
  const app = await NestFactory.createApplicationContext(
    AuthModule.forRoot({ apiSecret, baseURL }),
    { logger: ['error', 'warn'] },
  );
  const http = app.get(PortOneHttpService, { strict: false });
  portone.revokeAccessTokens();
  const { data } = await http.axiosRef.get('/payments/payment-1');
  if (data.id !== 'payment-1') throw new Error('no payment came back');
  await app.close();
  await portone.stop();
  return loaded;
};
