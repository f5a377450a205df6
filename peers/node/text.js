/*
 * The text notation of the conformance service: its words, without knowing what they mean.
 *
 * Text is ASCII. Hexadecimal digits of a unit, a float or a double stand most significant first.
 */
import { Buffer } from 'node:buffer';

import { decodeNarrow, encodeNarrow } from './codepage.js';

/* A text that does not fit its types, or goes beyond a limit [SVC-12]. */
export class BadText extends Error {}

const SHORT_MAX = 64;           // units or elements that are told one by one
const REPEAT_MAX = 1048576;     // of `u*N:unit` and `[*N:v]`

/*
 * The strings, by the letter that they begin with: how many digits a unit has, and which units a string
 * consists of; on both sides as bytes with the most significant first.
 */
const LETTERS = {
    u: { digits: 4, unitsOf: bigEndian, stringOf: fromBigEndian },
    w: { digits: 4, unitsOf: bigEndian, stringOf: fromBigEndian },
    a: { digits: 2, unitsOf: encodeNarrow, stringOf: decodeNarrow },
    r: { digits: 2, unitsOf: bytes => bytes, stringOf: bytes => bytes },
};

function bigEndian(string) {
    return Buffer.from(string, 'utf16le').swap16();
}

function fromBigEndian(bytes) {
    return Buffer.from(bytes).swap16().toString('utf16le');
}

export function tellString(letter, string) {
    const { digits, unitsOf } = LETTERS[letter];
    const bytes = unitsOf(string);
    const units = 2 * bytes.length / digits;
    if (units <= SHORT_MAX)
        return `${letter}:${bytes.toString('hex')}`;
    return `${letter}#${units}:${tellSum(digits === 4 ? Buffer.from(bytes).swap16() : bytes)}`;
}

/* An array of numbers, given as typed array. */
export function tellNumbers(numbers) {
    if (numbers.length <= SHORT_MAX)
        return `[${numbers.join()}]`;
    const size = numbers.BYTES_PER_ELEMENT;
    const bytes = Buffer.alloc(size * numbers.length);
    numbers.forEach((number, i) => bytes.writeUIntLE(number, i * size, size));
    return `[#${numbers.length}:${tellSum(bytes)}]`;
}

export function tellHex(value, digits) {
    return value.toString(16).padStart(digits, '0');
}

export function tellDouble(value) {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return bytes.toString('hex');
}

export function tellFloat(value) {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatBE(value);
    return bytes.toString('hex');
}

/* Reads a text from left to right; throws BadText where it is not what was asked for. */
export class Scanner {
    #text;
    #at = 0;
    #room;

    /* room: bytes that repeats and literals may become; a short text must not be able to take all memory */
    constructor(text, room) {
        this.#text = text;
        this.#room = room;
    }

    get over() {
        return this.#at === this.#text.length;
    }

    /* Passes over the word, if it is next. */
    accept(word) {
        const there = this.#text.startsWith(word, this.#at);
        if (there)
            this.#at += word.length;
        return there;
    }

    expect(word) {
        if (!this.accept(word))
            this.fail(`expected ${JSON.stringify(word)}`);
    }

    fail(reason) {
        throw new BadText(`${reason} at character ${this.#at + 1}`);
    }

    /* What the pattern, which is sticky, finds here. */
    #match(pattern, what) {
        pattern.lastIndex = this.#at;
        const found = pattern.exec(this.#text);
        if (!found)
            this.fail(`expected ${what}`);
        this.#at = pattern.lastIndex;
        return found[0];
    }

    name() {
        return this.#match(/[A-Za-z]+/y, 'a name');
    }

    integer(min, max) {
        return this.#between(min, max, Number);
    }

    bigInteger(min, max) {
        return this.#between(min, max, BigInt);
    }

    #between(min, max, convert) {
        const digits = this.#match(/-?[0-9]{1,40}(?![0-9])/y, 'a number');
        const value = convert(digits);
        if (value < min || value > max)
            this.fail(`${digits} is not in ${min} to ${max},`);
        return value;
    }

    hex(digits) {
        return this.#match(new RegExp(`[0-9a-f]{${digits}}`, 'y'), `${digits} hexadecimal digits`);
    }

    double() {
        return Buffer.from(this.hex(16), 'hex').readDoubleBE();
    }

    float() {
        return Buffer.from(this.hex(8), 'hex').readFloatBE();
    }

    /* `u:00410042`, or `u*N:0041` for N units that are equal. */
    string(letter) {
        const { digits, stringOf } = LETTERS[letter];
        this.expect(letter);
        if (this.accept('*')) {
            const times = this.#repeat(digits / 2);
            return stringOf(Buffer.alloc(times * digits / 2, Buffer.from(this.hex(digits), 'hex')));
        }
        this.expect(':');
        const hex = this.#match(/[0-9a-f]*/y);
        if (hex.length % digits !== 0)
            this.fail(`expected ${digits} digits for each unit`);
        this.#spend(hex.length / 2);
        return stringOf(Buffer.from(hex, 'hex'));
    }

    /* `[1,2,3]` or `[*N:v]` as an array of the given type. */
    numbers(Elements) {
        const size = Elements.BYTES_PER_ELEMENT;
        const max = 2 ** (8 * size) - 1;
        this.expect('[');
        if (this.accept('*')) {
            const times = this.#repeat(size);
            const numbers = new Elements(times).fill(this.integer(0, max));
            this.expect(']');
            return numbers;
        }
        const numbers = [];
        while (!this.#closes(']', numbers.length))
            numbers.push(this.integer(0, max));
        return Elements.from(numbers);
    }

    /* `open`, elements with commas in between, `close`. */
    async list(open, close, element) {
        const elements = [];
        this.expect(open);
        while (!this.#closes(close, elements.length))
            elements.push(await element());
        return elements;
    }

    #closes(close, count) {
        if (this.accept(close))
            return true;
        if (count > 0)
            this.expect(',');
        return false;
    }

    #repeat(size) {
        const times = this.integer(0, REPEAT_MAX);
        this.expect(':');
        this.#spend(times * size);
        return times;
    }

    #spend(bytes) {
        this.#room -= bytes;
        if (this.#room < 0)
            throw new BadText('its values are larger than we take');
    }
}

/* CRC-32 as zlib has it. */
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++)
        crc = crc & 1 ? crc >>> 1 ^ 0xedb88320 : crc >>> 1;
    return crc;
});

function tellSum(bytes) {
    let crc = 0xffffffff;
    for (const byte of bytes)
        crc = CRC[(crc ^ byte) & 0xff] ^ crc >>> 8;
    return tellHex(~crc >>> 0, 8);
}
