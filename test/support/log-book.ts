import type { LoggerService } from '@nestjs/common';

type Level = 'log' | 'error' | 'warn' | 'debug' | 'verbose' | 'fatal';

/** A Nest logger that keeps every line of every level. */
export class LogBook implements LoggerService {
  readonly lines: { readonly level: Level; readonly text: string }[] = [];

  log = this.write('log');
  error = this.write('error');
  warn = this.write('warn');
  debug = this.write('debug');
  verbose = this.write('verbose');
  fatal = this.write('fatal');

  /** The lines that contain `text`, of one level or of all levels. */
  saying(text: string, level?: Level): string[] {
    return this.lines
      .filter((line) => level === undefined || line.level === level)
      .map((line) => line.text)
      .filter((line) => line.includes(text));
  }

  private write(level: Level) {
    return (...parts: unknown[]) => {
      this.lines.push({ level, text: parts.map(String).join(' ') });
    };
  }
}
