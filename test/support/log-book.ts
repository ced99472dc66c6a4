import type { LoggerService } from '@nestjs/common';

type Level = 'log' | 'error' | 'warn' | 'debug' | 'verbose' | 'fatal';

/** A Nest logger that remembers every line at every level. */
export class LogBook implements LoggerService {
  readonly lines: { readonly level: Level; readonly text: string }[] = [];

  log = this.write('log');
  error = this.write('error');
  warn = this.write('warn');
  debug = this.write('debug');
  verbose = this.write('verbose');
  fatal = this.write('fatal');

  /** The lines of a level, or all of them, that say `text`. */
  saying(text: string, level?: Level): string[] {
    return this.lines
      .filter((line) => level === undefined || line.level === level)
      .map((line) => line.text)
      .filter((line) => line.includes(text));
  }

  private write(level: Level) {
    return (...said: unknown[]) => {
      this.lines.push({ level, text: said.map(String).join(' ') });
    };
  }
}
