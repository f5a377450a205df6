// Checks JSON files against a JSON Schema of the 2020 draft.
//
//   node validate.js SCHEMA FILE...
//
// Prints what is wrong, by file and place, then one line with the sum; exit status 1 when something is wrong. A schema must
// also refuse: each file whose name begins with "bad-" counts as wrong when it is accepted.

const fs = require('fs');
const path = require('path');
const Ajv = require('ajv/dist/2020');

const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
const [schema, ...files] = process.argv.slice(2);
const check = new Ajv({ allErrors: true, strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true })
  .compile(read(schema));

let wrong = 0;
for (const file of files) {
  const accepted = check(read(file));
  if (accepted !== path.basename(file).startsWith('bad-')) continue;
  wrong++;
  if (accepted) console.log(`${file}: accepted, and is bad`);
  else for (const e of check.errors.slice(0, 10)) console.log(`${file}: ${e.instancePath || '/'} ${e.message} ${JSON.stringify(e.params)}`);
}
console.log(`${path.basename(schema)}: ${files.length} files, ${wrong} not as they should be`);
process.exit(wrong || files.length === 0 ? 1 : 0);
