/*
 * The archive conformance service: answers one asker on one pair of archives.
 *
 * The archives live as long as the connection, with their tables; so do the objects in them [SVC-2, OBJ-11].
 * A request is loaded, and its text parsed, before anything of its reply is stored [SVC-5].
 */
import { Buffer } from 'node:buffer';

import { ArchiveException, LimitException, LoadArchive, NotSupportedException, StoreArchive } from './archive.js';
import { Maker, Teller } from './notation.js';
import { classes } from './objects.js';
import { FileException } from './socketfile.js';
import { BadText } from './text.js';
import { rowNamed, typesOffered } from './types.js';

export const IMPLEMENTATION = 'arcwire-node 1.0';
export const MAX_BYTES = 8 * 1024 * 1024;      // of a request, and of a reply other than FLOOD's
const MAX_DEPTH = 10000;                        // of objects within objects
const FLOOD_MAX = 64 * 1024 * 1024;             // [SVC-9]

/* Bytes of which each is one more than the last, modulo 256: a piece of a flood begins at one of the first 256. */
const PIECE = 65536;
const FLOOD = Buffer.alloc(256 + PIECE).map((_, i) => i % 256);

const OK = 0, REFUSED = 1, EXCEPTION = 2, BAD_TEXT = 3;

/* An op or a type that we do not know: what follows it cannot be understood [SVC-10]. */
class Refused extends Error {}

/* A connection: the two archives, and the file that they are on. */
export function archivesOn(file, profile) {
    return {
        file,
        load: new LoadArchive(file, { profile, classes, maxDepth: MAX_DEPTH }),
        store: new StoreArchive(file, { profile, maxBytes: MAX_BYTES, maxDepth: MAX_DEPTH }),
    };
}

/* Answers requests until the connection is to end, or FileException tells that it is gone. */
export async function serveConformance({ load, store }, profile) {
    const conversation = new Conversation(load, store, profile);
    while (!conversation.over && !await load.atEnd())       // the normal end [SVC-13]
        await conversation.answer();
}

class Conversation {
    over = false;
    #load;
    #store;
    #profile;
    #notes = 0;
    #lastNote = '';

    constructor(load, store, profile) {
        this.#load = load;
        this.#store = store;
        this.#profile = profile;
    }

    /* Loads a request, and sends what is due for it. */
    async answer() {
        const before = this.#store.mark();
        let loaded = false;
        try {
            this.#load.allow(MAX_BYTES);
            const reply = await this.#request();
            loaded = true;
            await reply();
        } catch (e) {
            if (e instanceof FileException)
                throw e;
            this.#store.rollback(before);       // as if the request had not been [SVC-5]
            this.#refuse(e, loaded);
        }
        await this.#store.flush();
    }

    /* Each loads the operands of its op, and returns what stores the reply. */
    async #request() {
        const op = await this.#load.loadWord();
        switch (op) {
        case 1:  return this.#echo();
        case 2:  return this.#tell();
        case 3:  return this.#make();
        case 4:  return this.#next();
        case 5:  return this.#note();
        case 6:  return () => this.#storeNotes();
        case 7:  return this.#flood();
        case 8:  return () => this.#quit();
        case 9:  return () => this.#storeCaps();
        case 10: return () => this.#storeInfo();
        default: throw new Refused(`no op has the number ${op}`);
        }
    }

    async #echo() {
        const rows = await this.#loadTypes();
        const values = await this.#loadValues(rows);
        return () => this.#storeValues(rows, values);
    }

    async #tell() {
        const rows = await this.#loadTypes();
        const teller = new Teller(this.#load, this.#load.objects, MAX_DEPTH);
        const values = await this.#loadValues(rows);
        const told = [];
        for (const [i, row] of rows.entries())
            told.push(await row.tell(values[i], teller));
        return () => this.#storeOk(store => store.storeCString(told.join(' ')));
    }

    async #make() {
        const rows = await this.#loadTypes();
        const text = await this.#load.loadCString();
        const maker = new Maker(text, {
            profile: this.#profile, known: this.#store.objects, maxBytes: MAX_BYTES, maxDepth: MAX_DEPTH,
        });
        const values = [];
        for (const row of rows) {
            if (values.length > 0)
                maker.expect(' ');
            values.push(await row.make(maker));
        }
        if (!maker.over)
            maker.fail('expected the end');
        return () => this.#storeValues(rows, values);
    }

    async #next() {
        const n = await this.#load.loadDWord();
        return () => this.#storeOk(store => store.storeDWord(n + 1 >>> 0));
    }

    /* No reply at all, not even a status. */
    async #note() {
        this.#lastNote = await this.#load.loadCString();
        this.#notes++;
        return () => {};
    }

    #storeNotes() {
        this.#storeOk(store => {
            store.storeDWord(this.#notes);
            store.storeCString(this.#lastNote);
        });
    }

    async #flood() {
        const count = await this.#load.loadWord();
        const size = await this.#load.loadDWord();
        if (count * size > FLOOD_MAX)
            throw new BadText(`${count} times ${size} bytes are more than ${FLOOD_MAX}`);
        return () => this.#storeFlood(count, size);
    }

    /* Sent piece by piece, for it may be more than we hold: waits while the asker does not read. */
    async #storeFlood(count, size) {
        for (let i = 0; i < count; i++) {
            this.#storeOk(store => {
                store.storeDWord(i);
                store.storeCount(size);
            });
            for (let at = 0; at < size; at += PIECE) {
                const first = (i + at) % 256;
                this.#store.storeBytes(FLOOD.subarray(first, first + Math.min(PIECE, size - at)));
                await this.#store.flush();
            }
        }
    }

    #quit() {
        this.#storeOk();
        this.over = true;
    }

    #storeCaps() {
        this.#storeOk(store => {
            store.storeCString(typesOffered(this.#profile).join());
            store.storeCString(this.#profile.generation);
            store.storeCString(this.#profile.charset);
            store.storeWord(this.#profile.bits);
        });
    }

    #storeInfo() {
        const lines = ['service=1', `impl=${IMPLEMENTATION}`, `max-bytes=${MAX_BYTES}`, `max-depth=${MAX_DEPTH}`];
        this.#storeOk(store => store.storeCString(lines.join('\n')));
    }

    #storeOk(rest = () => {}) {
        this.#store.storeWord(OK);
        rest(this.#store);
    }

    async #storeValues(rows, values) {
        this.#storeOk();
        for (const [i, row] of rows.entries())
            await row.store(this.#store, values[i], this.#profile);
    }

    /* Said as soon as the list is there: how long a value of an unknown type is nobody knows [SVC-10]. */
    async #loadTypes() {
        const types = await this.#load.loadCString();
        if (types === '')
            return [];
        return types.split(',').map(name => {
            const row = rowNamed(name, this.#profile);
            if (!row)
                throw new Refused(`no type is called ${JSON.stringify(name.slice(0, 64))}`);
            return row;
        });
    }

    async #loadValues(rows) {
        const values = [];
        for (const row of rows)
            values.push(await row.load(this.#load, this.#profile));
        return values;
    }

    /* What ends a request that cannot be answered; only of a text can the connection survive that. */
    #refuse(e, loaded) {
        const store = this.#store;
        if (e instanceof BadText || e instanceof LimitException && loaded) {
            store.storeWord(BAD_TEXT);
            store.storeCString(e.message);
            return;
        }
        this.over = true;
        if (e instanceof Refused) {
            store.storeWord(REFUSED);
            store.storeCString(e.message);
            return;
        }
        store.storeWord(EXCEPTION);
        store.storeWord(e instanceof ArchiveException ? e.cause : 0);
        if (!(e instanceof ArchiveException || e instanceof LimitException || e instanceof NotSupportedException))
            console.error(e);                   // a mistake of ours: it costs this connection and no other
    }
}
