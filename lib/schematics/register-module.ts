import type ts from 'typescript';
import type { ProjectTools } from './project-tools.js';
import { SourceText } from './source-text.js';

const PACKAGE = 'nestjs-portone-auth';
const CONFIG_PACKAGE = '@nestjs/config';
const REGISTRATION = ['forRoot', 'forRootAsync'];

/** How an app registers @nestjs/config: for every module, for the modules that import it, or not at all. */
export type ConfigUse = 'global' | 'local' | 'none';

/** Whether a file of the app already registers AuthModule. */
export const registersClient = (source: SourceText): boolean =>
  ['AuthModule', 'PortOneAuthModule'].some((name) => {
    const local = source.localName(name, PACKAGE);
    return local !== undefined && source.calls(local, REGISTRATION).length > 0;
  });

/** How one file of the app registers ConfigModule. */
export function configUseOf(source: SourceText): ConfigUse {
  const local = source.localName('ConfigModule', CONFIG_PACKAGE);
  const calls = local ? source.calls(local, REGISTRATION) : [];
  if (calls.length === 0) return 'none';
  return calls.some((call) => /\bisGlobal\s*:\s*true\b/.test(call.getText()))
    ? 'global'
    : 'local';
}

/**
 * The text of a root module with AuthModule added, and ConfigModule too if the app has none. Undefined when its `imports`
 * cannot be read, because the argument of `@Module` is not an object literal or spreads another object.
 */
export function withAuthModule(
  content: string,
  config: ConfigUse,
  isTyped: boolean,
  tools: ProjectTools,
): string | undefined {
  const eol = content.includes('\r\n') ? '\r\n' : '\n';
  const start = new SourceText(tools.ts, content.replaceAll('\r\n', '\n'));
  const listed = withImportsList(start);
  if (!listed) return undefined;
  const named = addImports(listed, config);
  const entries = [
    ...(config === 'none'
      ? [`${named.configModule}.forRoot({ isGlobal: true })`]
      : []),
    registration(named, config, isTyped),
  ];
  const text = insertEntries(named.source, entries, tools);
  return text?.replaceAll('\n', eol);
}

interface Names {
  readonly source: SourceText;
  readonly authModule: string;
  readonly configModule: string;
  readonly configService: string;
}

function addImports(start: SourceText, config: ConfigUse): Names {
  // If the app has its own AuthModule, PortOneAuthModule is imported: the same class under another name.
  const first = start.withImport('AuthModule', PACKAGE);
  const auth =
    first.local === 'AuthModule'
      ? first
      : start.withImport('PortOneAuthModule', PACKAGE);
  const needsModule = config !== 'global';
  const module = needsModule
    ? auth.source.withImport('ConfigModule', CONFIG_PACKAGE)
    : { source: auth.source, local: 'ConfigModule' };
  const service = module.source.withImport('ConfigService', CONFIG_PACKAGE);
  return {
    source: service.source,
    authModule: auth.local,
    configModule: module.local,
    configService: service.local,
  };
}

const registration = (
  { authModule, configModule, configService }: Names,
  config: ConfigUse,
  isTyped: boolean,
): string =>
  [
    `${authModule}.forRootAsync({`,
    '  isGlobal: true,',
    ...(config === 'local' ? [`  imports: [${configModule}],`] : []),
    `  inject: [${configService}],`,
    `  useFactory: (config${isTyped ? `: ${configService}` : ''}) => ({`,
    `    apiSecret: config.getOrThrow${isTyped ? '<string>' : ''}('PORTONE_API_SECRET'),`,
    // Set to call the emulator. While it is undefined, calls go to PortOne.
    `    baseURL: config.get${isTyped ? '<string>' : ''}('PORTONE_API_BASE_URL'),`,
    '  }),',
    '})',
  ].join('\n    ');

/** Rewrites `imports` as an array literal: beside any other form, MetadataManager would add a second `imports`. */
function withImportsList(source: SourceText): SourceText | undefined {
  const { ts } = source;
  const metadata = source.moduleMetadata;
  if (!metadata) return undefined;
  const property = metadata.properties.find(
    (each) => each.name && nameOf(each.name) === 'imports',
  );
  if (!property)
    return metadata.properties.some(ts.isSpreadAssignment) ? undefined : source;
  if (ts.isShorthandPropertyAssignment(property))
    return source.insert(property.getEnd(), ': [...imports]');
  if (!ts.isPropertyAssignment(property)) return undefined;
  const { initializer } = property;
  if (ts.isArrayLiteralExpression(initializer)) return source;
  const value = initializer.getText();
  const spread = ts.isIdentifier(initializer) ? value : `(${value})`;
  return source.replace(
    initializer.getStart(),
    initializer.getEnd(),
    `[...${spread}]`,
  );
}

const nameOf = (name: ts.PropertyName): string =>
  name.getText().replace(/^['"]|['"]$/g, '');

function insertEntries(
  source: SourceText,
  entries: readonly string[],
  { insertImport }: ProjectTools,
): string | undefined {
  if (isEmptyList(source)) {
    const lines = entries.map((entry) => `\n    ${entry},`);
    return insertImport(source.text, `${lines.join('')}\n  `);
  }
  let text: string | undefined = source.text;
  for (const entry of entries) text = text && insertImport(text, entry);
  return text;
}

/** Without entries in `imports`, each new entry gets a line of its own. */
function isEmptyList({ ts, moduleMetadata }: SourceText): boolean {
  const property = moduleMetadata?.properties.find(
    (each) => each.name && nameOf(each.name) === 'imports',
  );
  if (!property || !ts.isPropertyAssignment(property)) return true;
  const { initializer } = property;
  return (
    ts.isArrayLiteralExpression(initializer) &&
    initializer.elements.length === 0
  );
}
