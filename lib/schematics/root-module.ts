/** Adds an entry to the `imports` of a module; the MetadataManager of the project's own @nestjs/schematics. */
export type InsertImport = (content: string, entry: string) => string;

/**
 * The text of a root module with AuthModule, and with ConfigModule where there is none; the same text when AuthModule is
 * registered already.
 */
export function withAuthModule(content: string, insert: InsertImport): string {
  if (/\b(PortOne)?AuthModule\s*\.\s*forRoot/.test(content)) return content;
  const hasConfig = /\bConfigModule\b/.test(content);
  const isConfigGlobal = !hasConfig || /\bisGlobal\s*:\s*true\b/.test(content);
  let text = withSpreadImports(content);
  if (!hasConfig)
    text = insert(text, 'ConfigModule.forRoot({ isGlobal: true })');
  text = insert(text, registration(isConfigGlobal));
  text = withImport(text, ['AuthModule'], 'nestjs-portone-auth');
  return withImport(text, ['ConfigModule', 'ConfigService'], '@nestjs/config');
}

const registration = (isConfigGlobal: boolean): string =>
  [
    'AuthModule.forRootAsync({',
    '      isGlobal: true,',
    ...(isConfigGlobal ? [] : ['      imports: [ConfigModule],']),
    '      inject: [ConfigService],',
    '      useFactory: (config: ConfigService) => ({',
    "        apiSecret: config.getOrThrow<string>('PORTONE_API_SECRET'),",
    '      }),',
    '    })',
  ].join('\n');

/** MetadataManager adds to a list that is written out, and would write a second `imports` beside `imports` or `imports: LIST`. */
function withSpreadImports(content: string): string {
  const start = content.indexOf('@Module(');
  if (start < 0) return content;
  const decorator = content.slice(start);
  const spread = decorator
    .replace(/\bimports(?=\s*[,}])/, 'imports: [...imports]')
    .replace(
      /\bimports\s*:\s*([A-Za-z_$][\w$.]*)(?=\s*[,}])/,
      'imports: [...$1]',
    );
  return content.slice(0, start) + spread;
}

/** Adds names to the import of a package, or a new import after the last one. */
function withImport(
  content: string,
  names: readonly string[],
  from: string,
): string {
  const there = new RegExp(
    `import\\s*\\{([^}]*)\\}\\s*from\\s*['"]${from}['"]`,
  );
  const known = there.exec(content);
  if (known) {
    const given = (known[1] ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean);
    const all = [...new Set([...given, ...names])].join(', ');
    return content.replace(known[0], `import { ${all} } from '${from}'`);
  }
  const line = `import { ${names.join(', ')} } from '${from}';\n`;
  const last = [
    ...content.matchAll(/^import\b[^;]*?['"][^'"\n]+['"];?[^\S\n]*\n/gm),
  ].at(-1);
  const at = last ? last.index + last[0].length : 0;
  return content.slice(0, at) + line + content.slice(at);
}
