#!/usr/bin/env node
/*
 * Answers the archive conformance service, and the sample services, on connections accepted or dialled.
 */
import net from 'node:net';
import { parseArgs } from 'node:util';

import { ArchiveException, LimitException, Profile } from './archive.js';
import { archivesOn, serveConformance } from './service.js';
import { samples } from './samples.js';
import { FileException, SocketFile } from './socketfile.js';

const HELP = `Answers the archive conformance service on MFC's archives, in JavaScript.

  --port N             listen on 127.0.0.1, port N; 0, the default, lets the system choose
  --dial HOST:PORT     dial the asker instead, and again when a connection ends
  --connections K      how many connections to keep with --dial; 1 unless told
  --generation G       4.2, 6.0, 7.0, 7.1, 8, 9 or 10, the default
  --charset C          ansi, or unicode, the default
  --bits B             32, or 64; the default is what the generation has most of
  --help               this text
`;

const REDIAL_MS = 20;
const GIVE_UP_MS = 10000;

/* The conformance service first: it has the port that was asked for, and is what we speak when we dial. */
const services = { conformance: serveConformance, ...samples };

/* Serves one connection to its end, whatever happens there: it concerns no other. */
async function serve(service, socket, profile) {
    const file = new SocketFile(socket);
    try {
        await service(archivesOn(file, profile), profile);
    } catch (e) {
        if (e instanceof FileException)
            return file.destroy();
        if (!(e instanceof ArchiveException || e instanceof LimitException))
            console.error(e);           // a mistake of ours
    }
    await file.close();
}

async function listen(port, profile) {
    for (const [name, service] of Object.entries(services)) {
        const server = net.createServer({ allowHalfOpen: true }, socket => serve(service, socket, profile));
        await new Promise((resolve, reject) => {
            server.once('error', reject);
            server.listen(name === 'conformance' ? port : 0, '127.0.0.1', resolve);
        });
        console.log(`listening ${name} ${server.address().port}`);
    }
    console.log('ready');
}

/* Keeps one connection to the asker until it has been refused for too long [SVC-20]. */
async function keepDialling(host, port, profile) {
    for (let refusedSince = null; ;) {
        const socket = await dial(host, port);
        if (socket) {
            refusedSince = null;
            told.refused = false;
            await serve(serveConformance, socket, profile);
            continue;
        }
        if (!told.refused)
            console.log('refused, retrying');
        told.refused = true;
        refusedSince ??= performance.now();
        if (performance.now() - refusedSince >= GIVE_UP_MS)
            return;
        await new Promise(resolve => setTimeout(resolve, REDIAL_MS));
    }
}

/* A row of refusals is told once, whichever connections it concerns. */
const told = { refused: false };

/* A connected socket, or null where none came about. */
async function dial(host, port) {
    const socket = net.connect({ host, port, allowHalfOpen: true });
    const connected = await new Promise(resolve => {
        socket.once('connect', () => resolve(true));
        socket.once('error', () => resolve(false));
    });
    // On loopback a dial to a port where nobody listens can meet itself.
    if (connected && (socket.localPort !== socket.remotePort || socket.localAddress !== socket.remoteAddress))
        return socket;
    socket.destroy();
    return null;
}

function options() {
    const { values } = parseArgs({ options: {
        port:        { type: 'string', default: '0' },
        dial:        { type: 'string' },
        connections: { type: 'string', default: '1' },
        generation:  { type: 'string', default: '10' },
        charset:     { type: 'string', default: 'unicode' },
        bits:        { type: 'string' },
        help:        { type: 'boolean' },
    } });
    const bits = values.bits ?? (['4.2', '6.0'].includes(values.generation) ? '32' : '64');
    const [, host, port] = values.dial?.match(/^(.*):([0-9]+)$/) ?? [];
    if (values.dial && !host)
        throw new RangeError('--dial takes HOST:PORT');
    return {
        help: values.help,
        port: number(values.port, 0, 65535),
        dial: values.dial && { host, port: number(port, 1, 65535) },
        connections: number(values.connections, 1, 1024),
        profile: new Profile({ generation: values.generation, charset: values.charset, bits: Number(bits) }),
    };
}

function number(text, min, max) {
    const value = Number(text);
    if (!/^[0-9]+$/.test(text) || value < min || value > max)
        throw new RangeError(`${text} is not a number from ${min} to ${max}`);
    return value;
}

async function main() {
    let chosen;
    try {
        chosen = options();
    } catch (e) {
        console.error(`${e.message}; see --help`);
        process.exitCode = 2;
        return;
    }
    const { help, port, dial: asker, connections, profile } = chosen;
    if (help)
        process.stdout.write(HELP);
    else if (asker) {
        console.log('ready');
        await Promise.all(Array.from({ length: connections }, () => keepDialling(asker.host, asker.port, profile)));
    }
    else
        await listen(port, profile);
}

await main();
