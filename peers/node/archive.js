/*
 * Archives: typed values to bytes and back, as MFC's CArchive has them.
 *
 * An archive goes one way. A LoadArchive extracts from a file, a StoreArchive inserts into one. The two
 * directions of a connection are two archives, which know nothing of each other [L-2]. A file is anything
 * with
 *
 *     async read()         some bytes, as they come; null at the end of the stream
 *     async write(bytes)   fulfilled when more may be written
 *
 * What is loaded is awaited, for its bytes may not have come yet. Where the stream is cut into segments
 * therefore never shows: a load goes on where it stood. Stores only fill a buffer, but for those of
 * objects, which may be nested deeply; `flush` is what sends.
 *
 * Numbers of up to 32 bits, floats and doubles are numbers, 64-bit integers and counts are bigints.
 * Strings are JavaScript strings, whatever their width on the wire. Every method names the clause
 * that it follows.
 */
import { Buffer } from 'node:buffer';

import { decodeNarrow, encodeNarrow } from './codepage.js';

/* What MFC throws out of archives, with its numbers [TAB-7.1]. Only `cause` ever matters to a peer. */
export class ArchiveException extends Error {
    static GENERIC = 1;
    static END_OF_FILE = 3;
    static BAD_INDEX = 5;
    static BAD_CLASS = 6;
    static BAD_SCHEMA = 7;

    constructor(cause, message) {
        super(message);
        this.cause = cause;
    }
}

export class NotSupportedException extends Error {}     // a class that cannot be serialized [OBJ-20]
export class LimitException extends Error {}            // more than we are willing to hold; MFC has no such limits

/* Which MFC an archive imitates: its generation, character width and size of an address. */
export const GENERATIONS = ['4.2', '6.0', '7.0', '7.1', '8', '9', '10'];

export class Profile {
    constructor({ generation = '10', charset = 'unicode', bits = 64 } = {}) {
        if (!GENERATIONS.includes(generation))
            throw new RangeError(`there is no generation ${generation}`);
        if (charset !== 'ansi' && charset !== 'unicode')
            throw new RangeError(`a character set is ansi or unicode, not ${charset}`);
        if (bits !== 32 && bits !== 64)
            throw new RangeError(`bits are 32 or 64, not ${bits}`);
        this.generation = generation;
        this.charset = charset;
        this.bits = bits;
        if (bits === 64 && !this.since('7.0'))
            throw new RangeError(`generation ${generation} has 32 bits only`);
    }

    since(generation) {
        return GENERATIONS.indexOf(this.generation) >= GENERATIONS.indexOf(generation);
    }

    get wide() {
        return this.charset === 'unicode';
    }
}

const CLASS_NAME_MAX = 63;          // [OBJ-25]
const SMALL_INDEX_MAX = 0x7ffe;     // what a tag of 16 bits can hold [OBJ-1]
const INDEX_LIMIT = 0x3ffffffe;     // [OBJ-13]
const CR = 0x0d;
const LF = 0x0a;

/* A class that a load archive has met, with the schema that the stream has for it [SCH-3]. */
class LoadedClass {
    constructor(type, schema) {
        this.type = type;
        this.schema = schema;
    }
}

export class LoadArchive {
    #file;
    #profile;
    #classes;                       // by name: what may be created
    #maxDepth;

    #buffer = Buffer.alloc(0);      // what has come and was not taken is in at … end
    #at = 0;
    #end = 0;
    #left = Infinity;               // bytes that may still be taken, see allow()

    #table = [null];                // by index: a LoadedClass or an object [OBJ-6]
    #ordinals = new Map();          // by object: its place among the objects, see ordinalOf()
    #depth = 0;

    /*
     * file      where the bytes come from
     * profile   whose rules to follow
     * classes   the serial classes that the stream may name: functions with a `schema`, see loadObject
     * maxDepth  objects within objects; a stream must not be able to take all memory by nesting
     */
    constructor(file, { profile = new Profile(), classes = [], maxDepth = 10000 } = {}) {
        this.#file = file;
        this.#profile = profile;
        this.#classes = new Map(classes.map(type => [type.name, type]));
        this.#maxDepth = maxDepth;
    }

    /* The next `size` bytes may be taken, and no more: LimitException behind them. */
    allow(size) {
        this.#left = size;
    }

    /* Whether the stream ends here. Waits until that is known. */
    async atEnd() {
        return this.#available === 0 && !await this.#fill();
    }

    /* Numbers, little-endian [TAB-3.1, BO-1]. */
    async loadByte()      { return (await this.#take(1)).readUInt8(); }
    async loadChar()      { return (await this.#take(1)).readInt8(); }
    async loadWord()      { return (await this.#take(2)).readUInt16LE(); }
    async loadShort()     { return (await this.#take(2)).readInt16LE(); }
    async loadLong()      { return (await this.#take(4)).readInt32LE(); }
    async loadDWord()     { return (await this.#take(4)).readUInt32LE(); }
    async loadFloat()     { return (await this.#take(4)).readFloatLE(); }
    async loadDouble()    { return (await this.#take(8)).readDoubleLE(); }
    async loadLongLong()  { return (await this.#take(8)).readBigInt64LE(); }
    async loadULongLong() { return (await this.#take(8)).readBigUInt64LE(); }
    async loadBool()      { return await this.loadByte() !== 0; }

    /* So many bytes as they are. They are not copied: whoever keeps some of them keeps them all. */
    async loadBytes(size) {
        return this.#take(size);
    }

    /* How many elements follow [TAB-5]. Longer forms than the value needs are taken, too [CNT-3]. */
    async loadCount() {
        const word = await this.loadWord();
        if (word !== 0xffff)
            return BigInt(word);
        const dword = await this.loadDWord();
        if (dword !== 0xffffffff || this.#profile.bits === 32)     // 64 bits exist from 7.0 on [CNT-2]
            return BigInt(dword);
        return this.loadULongLong();
    }

    /* CString, CStringA and CStringW: each takes either width [STR-16], and differs in the one it keeps. */
    async loadCString()  { return this.#profile.wide ? this.loadCStringW() : this.loadCStringA(); }
    async loadCStringA() { return this.#loadString(false); }
    async loadCStringW() { return this.#loadString(true); }

    async #loadString(wide) {
        const [wideOnWire, length] = this.#profile.since('7.0')
            ? await this.#loadLength() : await this.#loadLengthBefore7();
        const bytes = await this.#take(wideOnWire ? 2 * length : length);
        let text = wideOnWire ? bytes.toString('utf16le') : decodeNarrow(bytes);
        if (wideOnWire && !wide)
            text = decodeNarrow(encodeNarrow(text));               // loses what the code page lacks [STR-18]

        const converted = wideOnWire !== wide;
        const cut = this.#profile.since('8') ? false : this.#profile.since('7.0') ? true : converted;
        return cut ? text.replace(/\0[^]*/, '') : text;            // [STR-19]
    }

    /* Width and units of a string [TAB-4.3]. */
    async #loadLength() {
        let wide = false;
        let length = await this.loadByte();
        if (length < 0xff)
            return [wide, length];
        length = await this.loadWord();
        if (length === 0xfffe) {
            wide = true;
            length = await this.loadByte();
            if (length < 0xff)
                return [wide, length];
            length = await this.loadWord();                        // a second fffe is a length
        }
        if (length < 0xffff)
            return [wide, length];
        length = await this.loadDWord();
        if (length < 0xffffffff)
            return [wide, length];

        const longest = await this.loadULongLong();                // read, but never written [STR-7]
        if (this.#profile.bits === 32 && longest > 0x7fffffffn)
            throw new ArchiveException(ArchiveException.GENERIC, `a string of ${longest} units`);
        return [wide, Number(this.#profile.since('7.1') ? BigInt.asUintN(32, longest) : longest)];
    }

    /* The same up to 6.0, where the DWORD ffffffff cannot be told from the mark of a wide string. */
    async #loadLengthBefore7() {
        for (let wide = false; ; wide = true) {
            const byte = await this.loadByte();
            if (byte < 0xff)
                return [wide, byte];
            const word = await this.loadWord();
            if (word < 0xfffe)
                return [wide, word];
            if (word === 0xffff) {
                const dword = await this.loadDWord();
                if (dword !== 0xffffffff)
                    return [wide, dword];
            }
            if (wide)
                throw new LimitException('a string of ffffffff units');     // MFC: out of memory
        }
    }

    /*
     * A line of text in the build's own character width, as ReadString(CString&) has it [STR-23 to STR-28]: it ends
     * at LF, at CR LF, or at the end of the stream. Behind a CR whatever comes is taken, and belongs to the line when
     * it is no LF. MFC reads pieces of 128 units, and goes on when a piece is full and does not end in LF: so a
     * CR and its successor do not end the line where they are the 128th unit of a piece.
     *
     * Returns null when the stream ends with nothing read.
     */
    async loadLine() {
        const PIECE = 128;
        let line = '';                          // a character for each unit
        try {
            for (let within = 1, over = false; !over; within = within % PIECE + 1) {
                let unit = await this.#loadCharacter();
                if (unit === LF || unit === CR) {
                    if (unit === CR)
                        unit = await this.#loadCharacter();
                    over = unit === LF || within < PIECE;
                }
                line += String.fromCharCode(unit);
            }
        } catch (e) {
            if (e.cause !== ArchiveException.END_OF_FILE)
                throw e;
            if (line === '')
                return null;
        }
        line = line.replace(/\n$/, '');
        return this.#profile.wide ? line : decodeNarrow(Buffer.from(line, 'latin1'));
    }

    async #loadCharacter() {
        return this.#profile.wide ? this.loadWord() : this.loadByte();
    }

    /*
     * An object, an earlier one, or null [TAB-6.1]. A class is a JavaScript class whose name is the one on the wire and that has
     *
     *     static schema        its number; without one it cannot be serialized
     *     static versionable   true if it can load other schemas than its own, too
     *     async load(archive, schema)
     *     async store(archive)
     *
     * requested   the class that the object must be of, or derived from; none: any [OBJ-23]
     */
    async loadObject(requested) {
        requireSerial(requested);
        const tag = await this.#loadTag();
        if (!tag.names) {
            if (tag.index === 0)
                return null;
            const object = this.#lookUp(tag.index);
            if (object instanceof LoadedClass)
                throw new ArchiveException(ArchiveException.BAD_INDEX, `${tag.index} is a class, not an object`);
            if (requested && !(object instanceof requested))
                throw new ArchiveException(ArchiveException.BAD_CLASS, `a ${object.constructor.name}, due was a ${requested.name}`);
            return object;
        }

        const { type, schema } = await this.#loadClassBehind(tag, requested);
        const object = new type();
        this.#register(object);                 // before its body: that may point back to it [OBJ-10]
        this.#ordinals.set(object, this.#ordinals.size + 1);
        if (++this.#depth > this.#maxDepth)
            throw new LimitException(`objects are nested more than ${this.#maxDepth} deep`);
        await object.load(this, schema);
        this.#depth--;
        return object;
    }

    /* A class alone, as { type, schema } with the schema of the stream [OBJ-21]. */
    async loadClass(requested) {
        requireSerial(requested);
        const tag = await this.#loadTag();
        if (!tag.names)
            throw new ArchiveException(ArchiveException.BAD_INDEX, 'an object, due was a class');
        return this.#loadClassBehind(tag, requested);
    }

    /* The how-many-eth of the objects of this stream it is, from 1, in the order of their first bytes. */
    ordinalOf(object) {
        return this.#ordinals.get(object);
    }

    get objects() {
        return this.#ordinals.size;
    }

    /* What stands in front of a class or an object [TAB-6.2]: `names` tells what it names. */
    async #loadTag() {
        const word = await this.loadWord();
        if (word === 0xffff)
            return { names: 'new class' };
        if (word !== 0x7fff)
            return { names: word & 0x8000 ? 'class' : null, index: word & 0x7fff };
        const dword = await this.loadDWord();                      // also for a small index [OBJ-3]
        return { names: dword >= 0x80000000 ? 'class' : null, index: dword & 0x7fffffff };
    }

    /* In the order of MFC's checks [TAB-6.5]. */
    async #loadClassBehind(tag, requested) {
        const found = tag.names === 'new class' ? await this.#loadDescription() : this.#lookUp(tag.index);
        if (!(found instanceof LoadedClass))
            throw new ArchiveException(ArchiveException.BAD_INDEX, `${tag.index} is an object, not a class`);
        if (requested && found.type !== requested && !(found.type.prototype instanceof requested))
            throw new ArchiveException(ArchiveException.BAD_CLASS, `a ${found.type.name}, due was a ${requested.name}`);
        return found;
    }

    async #loadDescription() {
        const schema = await this.loadWord();
        const length = await this.loadWord();
        if (length > CLASS_NAME_MAX)
            throw new ArchiveException(ArchiveException.BAD_CLASS, `a class name of ${length} bytes`);
        const name = await this.#loadClassName(length);
        const type = this.#classes.get(name);
        if (!type)
            throw new ArchiveException(ArchiveException.BAD_CLASS, `no class is called ${JSON.stringify(name)}`);
        if (schema !== type.schema && !type.versionable)
            throw new ArchiveException(ArchiveException.BAD_SCHEMA, `schema ${schema} of ${name}, ours is ${type.schema}`);
        const described = new LoadedClass(type, schema);
        this.#register(described);
        return described;
    }

    async #loadClassName(length) {
        try {
            return (await this.#take(length)).toString('latin1');
        } catch (e) {
            if (e.cause === ArchiveException.END_OF_FILE)          // a cut name is a bad name [TAB-6.5]
                throw new ArchiveException(ArchiveException.BAD_CLASS, 'the class name is cut');
            throw e;
        }
    }

    #lookUp(index) {
        if (index === 0 || index >= this.#table.length)
            throw new ArchiveException(ArchiveException.BAD_INDEX, `index ${index} of ${this.#table.length - 1}`);
        return this.#table[index];
    }

    #register(entry) {
        if (this.#table.length >= INDEX_LIMIT)
            throw new ArchiveException(ArchiveException.BAD_INDEX, 'the table is full');
        this.#table.push(entry);
    }

    get #available() {
        return this.#end - this.#at;
    }

    /*
     * The next `size` bytes. What is announced costs nothing: only what has really come is held. So no length is
     * refused for its size; when the stream ends first, it is simply cut short.
     */
    async #take(size) {
        while (this.#available < size && this.#available <= this.#left)
            if (!await this.#fill())
                throw new ArchiveException(ArchiveException.END_OF_FILE, `${this.#available} of ${size} bytes`);
        if (size > this.#left)
            throw new LimitException('more bytes than we take at once');
        this.#left -= size;
        this.#at += size;
        return this.#buffer.subarray(this.#at - size, this.#at);
    }

    /* Reads once. Bytes that were given out stay as they are: a buffer is never written where it has been read. */
    async #fill() {
        const chunk = await this.#file.read();
        if (chunk === null)
            return false;
        const have = this.#available;
        if (have === 0) {
            this.#buffer = chunk;
            this.#at = 0;
            this.#end = chunk.length;
            return true;
        }
        if (chunk.length > this.#buffer.length - this.#end) {
            const larger = Buffer.allocUnsafeSlow(2 * (have + chunk.length));
            this.#buffer.copy(larger, 0, this.#at, this.#end);
            this.#buffer = larger;
            this.#at = 0;
            this.#end = have;
        }
        this.#end += chunk.copy(this.#buffer, this.#end);
        return true;
    }
}

export class StoreArchive {
    #file;
    #profile;
    #maxBytes;
    #maxDepth;

    #buffer = Buffer.alloc(0);
    #length = 0;

    #indexes = new Map();           // by object or class: its index [OBJ-6, OBJ-16]
    #objects = [];                  // in the order of their first bytes
    #entries = [];                  // objects and classes, likewise
    #depth = 0;

    /* maxBytes, maxDepth: what may be buffered, and nested; LimitException beyond. */
    constructor(file, { profile = new Profile(), maxBytes = Infinity, maxDepth = 10000 } = {}) {
        this.#file = file;
        this.#profile = profile;
        this.#maxBytes = maxBytes;
        this.#maxDepth = maxDepth;
    }

    /* Sends what is buffered. */
    async flush() {
        if (this.#length === 0)
            return;
        const bytes = this.#buffer.subarray(0, this.#length);
        this.#buffer = Buffer.alloc(0);
        this.#length = 0;
        await this.#file.write(bytes);
    }

    get buffered() {
        return this.#length;
    }

    /* A place to which rollback() returns, as if nothing had been stored since. No flush may stand between. */
    mark() {
        return { length: this.#length, entries: this.#entries.length };
    }

    rollback(mark) {
        this.#length = mark.length;
        this.#depth = 0;
        while (this.#entries.length > mark.entries) {
            const entry = this.#entries.pop();
            this.#indexes.delete(entry);
            if (typeof entry !== 'function')
                this.#objects.pop();
        }
    }

    storeByte(value)      { this.#append(1).writeUInt8(value); }
    storeChar(value)      { this.#append(1).writeInt8(value); }
    storeWord(value)      { this.#append(2).writeUInt16LE(value); }
    storeShort(value)     { this.#append(2).writeInt16LE(value); }
    storeLong(value)      { this.#append(4).writeInt32LE(value); }
    storeDWord(value)     { this.#append(4).writeUInt32LE(value); }
    storeFloat(value)     { this.#append(4).writeFloatLE(value); }
    storeDouble(value)    { this.#append(8).writeDoubleLE(value); }
    storeLongLong(value)  { this.#append(8).writeBigInt64LE(value); }
    storeULongLong(value) { this.#append(8).writeBigUInt64LE(value); }
    storeBool(value)      { this.storeByte(value ? 1 : 0); }

    storeBytes(bytes) {
        this.#append(bytes.length).set(bytes);
    }

    /* The thresholds are others than those of strings [CNT-1]. */
    storeCount(count) {
        if (count < 0xffff)
            return this.storeWord(Number(count));
        this.storeWord(0xffff);
        if (count < 0xffffffff || this.#profile.bits === 32)
            return this.storeDWord(Number(count));
        this.storeDWord(0xffffffff);
        this.storeULongLong(BigInt(count));
    }

    storeCString(text) {
        if (this.#profile.wide)
            this.storeCStringW(text);
        else
            this.storeCStringA(text);
    }

    storeCStringA(text) {
        const bytes = encodeNarrow(text);
        this.#storeLength(bytes.length);
        this.storeBytes(bytes);
    }

    /* A wide string says so, and then begins again [STR-2, STR-3]. */
    storeCStringW(text) {
        this.storeByte(0xff);
        this.storeWord(0xfffe);
        this.#storeLength(text.length);
        this.storeBytes(Buffer.from(text, 'utf16le'));
    }

    /* fffe is the mark of a wide string, so the WORD form ends below it [STR-5, STR-6]. */
    #storeLength(length) {
        if (length < 0xff)
            return this.storeByte(length);
        this.storeByte(0xff);
        if (length < 0xfffe)
            return this.storeWord(length);
        this.storeWord(0xffff);
        this.storeDWord(length);
    }

    /* Characters alone, neither length nor end: what WriteString does [STR-22]. */
    storeString(text) {
        this.storeBytes(this.#profile.wide ? Buffer.from(text, 'utf16le') : encodeNarrow(text));
    }

    storeClass(type) {
        requireSerial(type);
        const index = this.#indexes.get(type);
        if (index !== undefined)
            return this.#storeIndex(index, 0x80000000);
        this.storeWord(0xffff);
        this.storeWord(type.schema);
        this.storeWord(type.name.length);
        this.storeBytes(Buffer.from(type.name, 'latin1'));         // 8 bits also in a Unicode build [TAB-6.1]
        this.#register(type);
    }

    /* Null, the index of an object that went before, or class and body of a new one [OBJ-7 to OBJ-10]. */
    async storeObject(object) {
        if (object === null)
            return this.storeWord(0);
        const index = this.#indexes.get(object);
        if (index !== undefined)
            return this.#storeIndex(index, 0);

        this.storeClass(object.constructor);
        this.#register(object);
        this.#objects.push(object);
        if (++this.#depth > this.#maxDepth)
            throw new LimitException(`objects are nested more than ${this.#maxDepth} deep`);
        await undefined;                        // goes on with an empty stack, however deep this is [OBJ-31]
        await object.store(this);
        this.#depth--;
    }

    /* The objects of this stream in the order of their first bytes, without classes. */
    get objects() {
        return this.#objects;
    }

    #storeIndex(index, bit) {
        if (index <= SMALL_INDEX_MAX)
            return this.storeWord(bit ? 0x8000 | index : index);
        this.storeWord(0x7fff);
        this.storeDWord(bit + index);
    }

    #register(entry) {
        if (this.#entries.length + 1 >= INDEX_LIMIT)
            throw new ArchiveException(ArchiveException.BAD_INDEX, 'the table is full');
        this.#entries.push(entry);
        this.#indexes.set(entry, this.#entries.length);
    }

    /* Room for so many bytes, to be written at once. */
    #append(size) {
        const length = this.#length + size;
        if (length > this.#maxBytes)
            throw new LimitException('more bytes than we send at once');
        if (length > this.#buffer.length) {
            const larger = Buffer.allocUnsafeSlow(Math.max(256, 2 * length));
            this.#buffer.copy(larger, 0, 0, this.#length);
            this.#buffer = larger;
        }
        this.#length = length;
        return this.#buffer.subarray(length - size, length);
    }
}

function requireSerial(type) {
    if (type && type.schema === undefined)
        throw new NotSupportedException(`${type.name} is no serial class`);
}
