/*
 * Connections, accepted or dialled, and what is served on them.
 *
 * Each is served by a function that waits for nothing but its own connection, so one that stays silent, stops
 * reading or vanishes holds up no other [SVC-19].
 */
import net from 'node:net';
import { setTimeout } from 'node:timers/promises';

import { ArchiveException, LimitException } from './archive.js';
import { samples } from './samples.js';
import { archivesOn, serveConformance } from './service.js';
import { FileException, SocketFile } from './socketfile.js';

/* The conformance service first: it has the port that was asked for, and is what is served where we dial. */
const services = { conformance: serveConformance, ...samples };

const REDIAL_MS = 20;
const GIVE_UP_MS = 10000;

/* Listens on loopback for each service, and says where [SVC-19]. Returns the servers, by name. */
export async function listen(port, profile, say = console.log) {
    const servers = {};
    for (const [name, service] of Object.entries(services)) {
        const server = net.createServer({ allowHalfOpen: true }, socket => serve(service, socket, profile));
        await new Promise((resolve, reject) => {
            server.once('error', reject);
            server.listen(name === 'conformance' ? port : 0, '127.0.0.1', resolve);
        });
        servers[name] = server;
        say(`listening ${name} ${server.address().port}`);
    }
    say('ready');
    return servers;
}

/* Keeps so many connections to the asker. Returns when each of them has been refused for too long [SVC-20]. */
export async function keepDialling({ host, port }, connections, profile, { say = console.log, giveUpMs = GIVE_UP_MS } = {}) {
    let refused = false;            // a row of refusals is told once, whichever connections it concerns

    async function keepOne() {
        for (let since = null; ;) {
            const socket = await dial(host, port);
            if (socket) {
                since = null;
                refused = false;
                await serve(serveConformance, socket, profile);
                continue;
            }
            if (!refused)
                say('refused, retrying');
            refused = true;
            since ??= performance.now();
            if (performance.now() - since >= giveUpMs)
                return;
            await setTimeout(REDIAL_MS);
        }
    }

    say('ready');
    await Promise.all(Array.from({ length: connections }, keepOne));
}

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

/* Serves one connection to its end. Whatever happens there concerns no other. */
async function serve(service, socket, profile) {
    const file = new SocketFile(socket);
    try {
        await service(archivesOn(file, profile), profile);
    } catch (e) {
        if (e instanceof FileException)
            return file.destroy();
        if (!(e instanceof ArchiveException || e instanceof LimitException))
            console.error(e);       // a mistake of ours
    }
    await file.close();
}
