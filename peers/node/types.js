/*
 * The types of the conformance service, a row each: how a value is loaded and stored, and its notation.
 *
 *     since                            the first generation that has it; all, unless told
 *     load(archive, profile)           wire to value
 *     store(archive, value, profile)   value to wire
 *     tell, make                       see notation.js
 */
import { Buffer } from 'node:buffer';

import { ArchiveException } from './archive.js';
import * as collections from './collections.js';
import { directly, integers, pointers, strings, tuples } from './notation.js';
import { classes } from './objects.js';
import { tellDouble, tellFloat, tellHex } from './text.js';
import * as values from './values.js';

const RAW_MAX = 1048576;

/* The archive's own load and store of that name. */
function archived(name) {
    return {
        load: archive => archive[`load${name}`](),
        store: (archive, value) => archive[`store${name}`](value),
    };
}

const int64 = integers(-(2n ** 63n), 2n ** 63n - 1n);
const uint64 = integers(0n, 2n ** 64n - 1n);
const int32 = integers(-(2 ** 31), 2 ** 31 - 1);
const uint32 = integers(0, 2 ** 32 - 1);
const int16 = integers(-(2 ** 15), 2 ** 15 - 1);
const uint16 = integers(0, 2 ** 16 - 1);
const int8 = integers(-(2 ** 7), 2 ** 7 - 1);
const uint8 = integers(0, 2 ** 8 - 1);

/* Between CTime's two forms also the range differs. */
const seconds = {
    tell: String,
    make: maker => maker.profile.since('8') ? int64.make(maker) : BigInt(int32.make(maker)),
};
const counts = {
    tell: String,
    make: maker => maker.profile.bits === 64 ? uint64.make(maker) : BigInt(uint32.make(maker)),
};
const bools = {
    tell: String,
    make: maker => maker.accept('true') || (maker.expect('false'), false),
};
const floats = { tell: tellFloat, make: maker => maker.float() };
const doubles = { tell: tellDouble, make: maker => maker.double() };

/* The bits of a float or double: a number need not keep those of a NaN. */
const floatBits = { tell: bits => tellHex(bits, 8), make: maker => parseInt(maker.hex(8), 16) };
const doubleBits = { tell: bits => tellHex(bits, 16), make: maker => BigInt(`0x${maker.hex(16)}`) };

const size = tuples(['cx', int32], ['cy', int32]);
const point = tuples(['x', int32], ['y', int32]);
const rect = tuples(['left', int32], ['top', int32], ['right', int32], ['bottom', int32]);
const oleDate = tuples(['status', int32], ['days', doubles]);

/* What a variant of such a type holds, in the order of their numbers. Types without a value are 0 and 1 alone. */
const variantNotations = new Map([
    [2, int16], [3, int32], [4, floats], [5, doubles], [6, int64], [7, doubles], [8, strings('u')], [10, int32], [11, bools],
    [16, int8], [17, uint8], [18, uint16], [19, uint32], [20, int64], [21, uint64],
]);

const variants = {
    tell: ({ vt, value }) => value === undefined ? `(${vt})` : `(${vt},${variantNotations.get(vt).tell(value)})`,
    make(maker) {
        maker.expect('(');
        const vt = maker.integer(0, 0xffff);
        if (vt > 1 && !values.variantHasValue(vt, maker.profile))
            maker.fail(`a variant of type ${vt}`);
        let value;
        if (vt > 1) {
            maker.expect(',');
            value = variantNotations.get(vt).make(maker);
        }
        maker.expect(')');
        return { vt, value };
    },
};

/* WriteString of the text and a newline; ReadString into a CString. */
const line = {
    async load(archive) {
        const text = await archive.loadLine();
        if (text === null)
            throw new ArchiveException(ArchiveException.END_OF_FILE, 'no line');
        return text;
    },
    store: (archive, text) => archive.storeString(`${text}\n`),
    tell: strings('u').tell,
    make(maker) {
        const text = maker.string('u');
        if (/[\0\r\n]/.test(text))
            maker.fail('a line holds no 0000, 000a or 000d');
        return text;
    },
};

/* A class tag alone. */
const classTag = {
    load: archive => archive.loadClass(),
    store: (archive, { type }) => archive.storeClass(type),
    tell: ({ type, schema }) => `${type.name}:${schema}`,
    make(maker) {
        const type = maker.class();
        maker.schema(type);
        return { type };
    },
};

function raw(length) {
    return {
        load: archive => archive.loadBytes(length),
        store: (archive, bytes) => archive.storeBytes(bytes),
        tell: strings('r').tell,
        make(maker) {
            const bytes = maker.string('r');
            if (bytes.length !== length)
                maker.fail(`expected ${length} bytes`);
            return bytes;
        },
    };
}

function pointer(requested) {
    return {
        load: archive => archive.loadObject(requested),
        store: (archive, object) => archive.storeObject(object),
        ...pointers(requested),
    };
}

/* A collection whose Serialize is called directly: a fresh one each time, without a tag. */
function direct(type) {
    return {
        async load(archive) {
            const collection = new type();
            await collection.load(archive);
            return collection;
        },
        store: (archive, collection) => collection.store(archive),
        ...directly(type),
    };
}

/* A number that was converted to network order before it was inserted; its text is that of the host [BYO-6]. */
function network(name, notation, width) {
    const swapped = value => {
        const bytes = Buffer.alloc(width);
        bytes.writeUIntBE(value, 0, width);
        return bytes.readUIntLE(0, width);
    };
    const { load, store } = archived(name);
    return {
        load: async archive => swapped(await load(archive)),
        store: (archive, value) => store(archive, swapped(value)),
        ...notation,
    };
}

const rows = {
    byte:      { ...archived('Byte'), ...uint8 },
    char:      { ...archived('Char'), ...int8 },
    word:      { ...archived('Word'), ...uint16 },
    short:     { ...archived('Short'), ...int16 },
    int:       { ...archived('Long'), ...int32 },
    uint:      { ...archived('DWord'), ...uint32 },
    long:      { ...archived('Long'), ...int32 },
    dword:     { ...archived('DWord'), ...uint32 },
    float:     { ...archived('DWord'), ...floatBits },
    double:    { ...archived('ULongLong'), ...doubleBits },
    bool:      { ...archived('Bool'), ...bools, since: '7.0' },
    longlong:  { ...archived('LongLong'), ...int64, since: '7.0' },
    ulonglong: { ...archived('ULongLong'), ...uint64, since: '7.0' },
    wchar:     { ...archived('Word'), ...uint16, since: '7.0' },
    cstring:   { ...archived('CString'), ...strings('u') },
    cstringa:  { ...archived('CStringA'), ...strings('a'), since: '7.0' },
    cstringw:  { ...archived('CStringW'), ...strings('w'), since: '7.0' },
    count:     { ...archived('Count'), ...counts },
    size:      { load: values.loadSize, store: values.storeSize, ...size },
    point:     { load: values.loadPoint, store: values.storePoint, ...point },
    rect:      { load: values.loadRect, store: values.storeRect, ...rect },
    time:      { load: values.loadTime, store: values.storeTime, ...seconds },
    timespan:  { ...archived('Long'), ...int32 },
    time64:    { ...archived('LongLong'), ...int64, since: '7.0' },
    oledatetime:     { load: values.loadOleDateTime, store: values.storeOleDateTime, ...oleDate },
    oledatetimespan: { load: values.loadOleDateTime, store: values.storeOleDateTimeSpan, ...oleDate },
    olecurrency: { load: values.loadOleCurrency, store: values.storeOleCurrency, ...tuples(['status', int32], ['value', int64]) },
    olevariant:  { load: values.loadVariant, store: values.storeVariant, ...variants },
    combstr:     { load: values.loadComBSTR, store: values.storeComBSTR, ...strings('u'), since: '7.0' },
    bytearray:   direct(collections.CByteArray),
    wordarray:   direct(collections.CWordArray),
    dwordarray:  direct(collections.CDWordArray),
    stringarray: direct(collections.CStringArray),
    stringlist:  direct(collections.CStringList),
    obarray:     direct(collections.CObArray),
    oblist:      direct(collections.CObList),
    mapstringtostring: direct(collections.CMapStringToString),
    mapstringtoob:     direct(collections.CMapStringToOb),
    mapwordtoob:       direct(collections.CMapWordToOb),
    object: pointer(),
    class: classTag,
    line,
    net16: network('Word', uint16, 2),
    net32: network('DWord', uint32, 4),
};

/* The names of all types that a build of the profile has; `raw` and `object` stand for all of their forms. */
export function typesOffered(profile) {
    return [...Object.keys(rows).filter(name => rowNamed(name, profile)), 'raw'];
}

/* The row of that name, or undefined. */
export function rowNamed(name, profile) {
    if (Object.hasOwn(rows, name))
        return profile.since(rows[name].since ?? '4.2') ? rows[name] : undefined;
    const [, kind, argument] = name.match(/^(raw|object):(.*)$/s) ?? [];
    if (kind === 'raw' && /^(0|[1-9][0-9]{0,6})$/.test(argument) && Number(argument) <= RAW_MAX)
        return raw(Number(argument));
    const type = kind === 'object' && classes.find(one => one.name === argument);
    return type ? pointer(type) : undefined;
}
