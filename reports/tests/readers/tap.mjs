// Counts the test points of a TAP 14 file by tap-parser, strictly: what is no TAP fails. Prints them as JSON; exit status 1 where it is broken.
import fs from 'node:fs';
import { Parser } from 'tap-parser';

const counts = { points: 0, failed: 0, skipped: 0, todo: 0, diagnostics: 0 };
const names = new Set();
let extra = 0, broken = 0;
const parser = new Parser({ strict: true });
parser.on('assert', (point) => {
  if (point.tapError) { broken++; return; }
  counts.points++;
  names.add(point.name);
  counts.failed += !point.ok && !point.todo;
  counts.skipped += Boolean(point.skip);
  counts.todo += Boolean(point.todo);
  counts.diagnostics += Boolean(point.diag);
});
parser.on('extra', (line) => { extra++; console.error(`no TAP: ${line.slice(0, 200)}`); });
const ended = new Promise((resolve) => parser.on('complete', resolve));
parser.end(fs.readFileSync(process.argv[2]));
const result = await ended;
broken += result.failures.filter((one) => one.tapError).length;
console.log(JSON.stringify({ ...counts, planned: result.plan.end, names: names.size }));
process.exit(extra || broken || result.plan.end !== counts.points ? 1 : 0);
