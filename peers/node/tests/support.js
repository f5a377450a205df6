/* What the tests share: golden bytes, files in memory, and archives on them. */
import { Buffer } from 'node:buffer';

import { LoadArchive, Profile, StoreArchive } from '../archive.js';
import { classes } from '../objects.js';

/* Bytes in hexadecimal: `ff fe ff 01 41 00`, and text in quotes: `04 00 "CAge"`. */
export function bytes(text) {
    return Buffer.concat([...text.matchAll(/"([^"]*)"|([0-9a-fA-F]{2})/g)].map(([, quoted, hex]) =>
        quoted === undefined ? Buffer.from(hex, 'hex') : Buffer.from(quoted, 'latin1')));
}

/* A file whose reads give the wire in pieces of `size` bytes, then the end. */
export class Wire {
    written = [];
    #rest;
    #size;

    constructor(wire = '', size = Infinity) {
        this.#rest = typeof wire === 'string' ? bytes(wire) : wire;
        this.#size = size;
    }

    async read() {
        if (this.#rest.length === 0)
            return null;
        const piece = this.#rest.subarray(0, this.#size);
        this.#rest = this.#rest.subarray(piece.length);
        return piece;
    }

    async write(piece) {
        this.written.push(piece);
    }
}

export const ansi = new Profile({ charset: 'ansi' });
export const unicode = new Profile();
export function profileOf(generation, charset = 'ansi', bits = 32) {
    return new Profile({ generation, charset, bits });
}

export function loadFrom(wire, profile = ansi, { pieces = Infinity, ...more } = {}) {
    return new LoadArchive(new Wire(wire, pieces), { profile, classes, ...more });
}

/* The bytes that come of what `store` does to an archive. */
export async function stored(store, profile = ansi) {
    const file = new Wire();
    const archive = new StoreArchive(file, { profile });
    await store(archive);
    await archive.flush();
    return Buffer.concat(file.written);
}

/* Spaces and quotes are for the eye. */
export function hex(wire) {
    return (typeof wire === 'string' ? bytes(wire) : wire).toString('hex');
}
