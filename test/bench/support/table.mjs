/**
 * Prints rows as a Markdown table with aligned columns, so that it is readable in a terminal. Numbers are aligned to the right.
 *
 * @param {string} title
 * @param {Record<string, string | number>[]} rows
 */
export function printTable(title, rows) {
  const columns = Object.keys(rows[0]);
  const cells = rows.map((row) => columns.map((name) => String(row[name])));
  const widths = columns.map((name, i) =>
    Math.max(name.length, ...cells.map((row) => row[i].length)),
  );
  const line = (row) =>
    `| ${row
      .map((cell, i) =>
        i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]),
      )
      .join(' | ')} |`;
  const rule = widths.map((width, i) =>
    i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  console.log(`\n${title}\n`);
  console.log([columns, rule, ...cells].map(line).join('\n'));
}
