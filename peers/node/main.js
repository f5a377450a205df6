#!/usr/bin/env node
/*
 * The command line of a peer that answers the archive conformance service, and the sample services.
 */
import { parseArgs } from 'node:util';

import { Profile } from './archive.js';
import { keepDialling, listen } from './connections.js';

const HELP = `Answers the archive conformance service on MFC's archives, in JavaScript.

  --port N             listen on 127.0.0.1, port N; 0, the default, lets the system choose
  --dial HOST:PORT     dial the asker instead, and again when a connection ends
  --connections K      how many connections to keep with --dial; 1 unless told
  --generation G       4.2, 6.0, 7.0, 7.1, 8, 9 or 10, the default
  --charset C          ansi, or unicode, the default
  --bits B             32, or 64; 64 where the generation has it, unless told
  --help               this text
`;

function readOptions() {
    const { values } = parseArgs({ options: {
        port:        { type: 'string', default: '0' },
        dial:        { type: 'string' },
        connections: { type: 'string', default: '1' },
        generation:  { type: 'string', default: '10' },
        charset:     { type: 'string', default: 'unicode' },
        bits:        { type: 'string' },
        help:        { type: 'boolean' },
    } });
    const bits = values.bits ?? (new Profile({ generation: values.generation, bits: 32 }).since('7.0') ? '64' : '32');
    return {
        help: values.help,
        port: readNumber('--port', values.port, 0, 65535),
        asker: values.dial === undefined ? null : readAddress(values.dial),
        connections: readNumber('--connections', values.connections, 1, 1024),
        profile: new Profile({ generation: values.generation, charset: values.charset, bits: Number(bits) }),
    };
}

function readAddress(text) {
    const [, host, port] = text.match(/^(.+):([^:]+)$/) ?? [];
    if (!host)
        throw new RangeError('--dial takes HOST:PORT');
    return { host, port: readNumber('the port to dial', port, 1, 65535) };
}

function readNumber(what, text, min, max) {
    const number = Number(text);
    if (!/^[0-9]+$/.test(text) || number < min || number > max)
        throw new RangeError(`${what} is a number from ${min} to ${max}, not ${text}`);
    return number;
}

let options;
try {
    options = readOptions();
} catch (e) {
    console.error(`main.js: ${e.message}; --help says what there is`);
    process.exit(2);
}

const { help, port, asker, connections, profile } = options;
if (help)
    process.stdout.write(HELP);
else if (asker)
    await keepDialling(asker, connections, profile);
else
    await listen(port, profile);
