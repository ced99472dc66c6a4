import type ts from 'typescript';
import type { ProjectTools } from './project-tools.js';
import { SourceText } from './source-text.js';

const US = 'nestjs-portone-auth';
const CONFIG = '@nestjs/config';
const REGISTRATION = ['forRoot', 'forRootAsync'];

/** How an app has @nestjs/config: for every module, for those that import it, or not at all. */
export type ConfigUse = 'global' | 'local' | 'none';

/** Whether a file of the app registers a client already. */
export const registersUs = (source: SourceText): boolean =>
  ['AuthModule', 'PortOneAuthModule'].some((name) => {
    const local = source.localName(name, US);
    return local !== undefined && source.calls(local, REGISTRATION).length > 0;
  });

/** How one file of the app registers ConfigModule. */
export function configUseOf(source: SourceText): ConfigUse {
  const local = source.localName('ConfigModule', CONFIG);
  const calls = local ? source.calls(local, REGISTRATION) : [];
  if (calls.length === 0) return 'none';
  return calls.some((call) => /\bisGlobal\s*:\s*true\b/.test(call.getText()))
    ? 'global'
    : 'local';
}

/**
 * The text of a root module with AuthModule, and with ConfigModule where the app has none. Undefined when its `imports`
 * cannot be read: the decorator has no object, or spreads another one.
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
  // An app may well have an AuthModule of its own: PortOneAuthModule is the same class.
  const ours = start.withImport('AuthModule', US);
  const auth =
    ours.local === 'AuthModule'
      ? ours
      : start.withImport('PortOneAuthModule', US);
  const needsModule = config !== 'global';
  const module = needsModule
    ? auth.source.withImport('ConfigModule', CONFIG)
    : { source: auth.source, local: 'ConfigModule' };
  const service = module.source.withImport('ConfigService', CONFIG);
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
    // For the emulator; undefined is PortOne itself.
    `    baseURL: config.get${isTyped ? '<string>' : ''}('PORTONE_API_BASE_URL'),`,
    '  }),',
    '})',
  ].join('\n    ');

/** The same module with `imports` as a written list: MetadataManager would add a second `imports` beside any other form. */
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

/** No `imports`, or an empty list: the entries then get lines of their own. */
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
