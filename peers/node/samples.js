/*
 * The sample services, each on a port of its own: the protocols of MFC's articles and samples [SVC-21 to SVC-24].
 *
 * They show what most programs do with archives: numbers and strings one after the other, a flush behind each
 * message, and no objects. What is malformed or cut raises an exception, which ends the connection without a further byte.
 */
import { Buffer } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';

import { CStringList } from './collections.js';
import { MAX_BYTES, serveConformance } from './service.js';

/* Acknowledges packets. The value it reports is that of the last byte of payload, so it may be of an earlier packet [PRO-1]. */
async function servePackets({ load, store }) {
    let value = 0;
    for (let packet = 1; !await load.atEnd(); packet++) {
        load.allow(MAX_BYTES);
        await load.loadByte();
        const copies = await load.loadWord();
        const payload = await load.loadBytes(copies);
        value = payload.at(-1) ?? value;
        const text = await load.loadCString();
        const [, packets] = text.match(/packet [0-9]+ of ([0-9]+)/) ?? [];
        if (!packets)
            return;
        store.storeCString(`Recipient received packet ${packet} of ${packets} (Value = ${value}, Copies = ${copies})`);
        await store.flush();
    }
}

/* Passes every message on to all other members. Whoever says farewell gets one, too. */
const members = new Set();

async function serveChat({ load, store, file }) {
    const self = { store, file };
    members.add(self);
    try {
        while (!await load.atEnd()) {
            load.allow(MAX_BYTES);
            const message = await loadMessage(load);
            await setImmediate();           // whoever waits to be accepted is a member, too
            for (const member of members)
                if (member !== self)
                    forward(member, message);
            if (message.close) {
                members.delete(self);
                storeMessage(store, { close: message.close, text: '', list: new CStringList() });
                await store.flush();
                return;
            }
        }
    } finally {
        members.delete(self);
    }
}

/* Waits for nobody: a member that does not read must not hold up the others, so at last it is dropped. */
function forward({ store, file }, message) {
    storeMessage(store, message);
    store.flush().catch(() => {});          // it is gone, as its own loop will see
    if (file.backlog > MAX_BYTES)
        file.destroy();
}

async function loadMessage(load) {
    const close = await load.loadWord();
    const text = await load.loadCString();
    const list = new CStringList();         // a fresh one each time, for loading appends [COL-1]
    await list.load(load);
    return { close, text, list };
}

function storeMessage(store, { close, text, list }) {
    store.storeWord(close);
    store.storeCString(text);
    list.store(store);
}

/* Asks for a name and a password, then goes on with the conformance service on the same archives. */
async function serveLogin(archives, profile) {
    const { load, store } = archives;
    load.allow(MAX_BYTES);
    const user = await load.loadCString();
    const password = await load.loadCString();
    const welcome = user === 'guest' && password === 'guest';
    store.storeWord(welcome ? 1 : 0);
    await store.flush();
    if (welcome)
        await serveConformance(archives, profile);
}

/* Speaks big-endian, as servers do that are not MFC's [BYO-5]: no string, no object, twelve bytes each way. */
const MAGIC = 0x4d464331;

async function serveNetworkOrder({ load, store }) {
    while (!await load.atEnd()) {
        load.allow(12);
        const message = await load.loadBytes(12);
        if (message.readUInt32BE(0) !== MAGIC)
            return;
        const reply = Buffer.from(message);
        reply.writeUInt16BE(message.readUInt16BE(4) + 1 & 0xffff, 4);
        reply.writeUInt16BE(-message.readUInt16BE(6) & 0xffff, 6);
        store.storeBytes(reply);
        await store.flush();
    }
}

export const samples = { packet: servePackets, chat: serveChat, login: serveLogin, netorder: serveNetworkOrder };
