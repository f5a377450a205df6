/* Value types and collections: worked examples E84 to E120, through the rows of the types that the service offers. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { ArchiveException } from '../archive.js';
import { CMapStringToString, CStringArray, CStringList } from '../collections.js';
import { rowNamed } from '../types.js';
import { ansi, hex, loadFrom, profileOf, stored, unicode } from './support.js';

const old = profileOf('7.1');
const six = profileOf('6.0');
const AGE = 'ff ff 01 00 04 00 "CAge"';

/* label, type, profile, wire, what it is */
const rows = [
    ['E84', 'point', ansi, '01 00 00 00 ff ff ff ff', { x: 1, y: -1 }],
    ['E85', 'size',  ansi, '80 02 00 00 e0 01 00 00', { cx: 640, cy: 480 }],
    ['E86', 'rect',  ansi, '32 00 00 00 14 00 00 00 20 03 00 00 7d 00 00 00', { left: 50, top: 20, right: 800, bottom: 125 }],
    ['E87', 'time',  old,  '80 43 6d 38', 946684800n],
    ['E88', 'time',  ansi, '0a 00 00 80 80 43 6d 38 00 00 00 00', 946684800n],
    ['E90', 'time',  ansi, '0a 00 00 80 80 7e aa 83 00 00 00 00', 2208988800n],
    ['E91', 'time',  old,  '00 00 00 00', 0n],
    ['before 1970', 'time', old,  'ff ff ff ff', -1n],
    ['before 1970', 'time', ansi, '0a 00 00 80 ff ff ff ff ff ff ff ff', -1n],
    ['E92', 'time64',   ansi, '80 43 6d 38 00 00 00 00', 946684800n],
    ['E93', 'timespan', ansi, '80 51 01 00', 86400],
    ['E94', 'timespan', ansi, 'c4 ff ff ff', -60],
    ['E95', 'oledatetime', ansi, '00 00 00 00 00 00 00 00 c0 d5 e1 40', { status: 0, days: 36526 }],
    ['E96', 'oledatetime', ansi, '02 00 00 00 00 00 00 00 00 00 00 00', { status: 2, days: 0 }],
    ['E97', 'oledatetimespan', ansi, '00 00 00 00 00 00 00 00 00 00 f8 3f', { status: 0, days: 1.5 }],
    ['E99', 'olecurrency',  ansi, '00 00 00 00 00 00 00 00 08 e2 01 00', { status: 0, value: 123400n }],
    ['E100', 'olecurrency', ansi, '00 00 00 00 ff ff ff ff f0 d8 ff ff', { status: 0, value: -10000n }],
    ['E101', 'olevariant', ansi, '00 00', { vt: 0, value: undefined }],
    ['E102', 'olevariant', ansi, '03 00 07 00 00 00', { vt: 3, value: 7 }],
    ['E103', 'olevariant', ansi, '0b 00 ff ff', { vt: 11, value: true }],
    ['E104', 'olevariant', ansi, '08 00 04 00 00 00 48 00 69 00', { vt: 8, value: 'Hi' }],
    ['E105', 'olevariant', ansi, '06 00 08 e2 01 00 00 00 00 00', { vt: 6, value: 123400n }],
    ['E106', 'olevariant', ansi, '05 00 00 00 00 00 00 00 f0 3f', { vt: 5, value: 1 }],
    ['E107', 'olevariant', ansi, '11 00 c8', { vt: 17, value: 200 }],
    ['E108', 'olevariant', old,  '14 00 ff ff ff ff ff ff ff ff', { vt: 20, value: -1n }],
    ['E108, to 7.0', 'olevariant', profileOf('7.0'), '14 00', { vt: 20, value: undefined }],
    ['E109', 'combstr', ansi, '02 00 00 00 48 00 69 00', 'Hi'],
    ['E110', 'bytearray',  ansi, '03 00 01 02 03', { elements: Uint8Array.of(1, 2, 3) }],
    ['E111', 'wordarray',  ansi, '02 00 01 00 00 80', { elements: Uint16Array.of(1, 0x8000) }],
    ['E112', 'dwordarray', ansi, '01 00 01 00 00 00', { elements: Uint32Array.of(1) }],
    ['E114', 'stringarray', ansi, '02 00 01 61 00', { elements: ['a', ''] }],
    ['E115', 'stringarray', unicode, '02 00 ff fe ff 01 61 00 ff fe ff 00', { elements: ['a', ''] }],
    ['E116', 'stringlist', ansi, '02 00 01 78 02 79 7a', { elements: ['x', 'yz'] }],
    ['E117', 'mapstringtostring', ansi, '01 00 01 6b 01 76', { entries: new Map([['k', 'v']]) }],
    ['E118', 'mapstringtoob', ansi, '01 00 01 6e 00 00', { entries: new Map([['n', null]]) }],
    ['E119', 'mapwordtoob', ansi, `01 00 05 00 ${AGE} 1e 00 00 00`, { entries: new Map([[5, { age: 30 }]]) }],
    ['E120', 'oblist', ansi, `03 00 ${AGE} 01 00 00 00 00 00 02 00`, { elements: [{ age: 1 }, null, { age: 1 }] }],
    ...['bytearray', 'wordarray', 'dwordarray', 'stringarray', 'stringlist', 'obarray', 'oblist',
        'mapstringtostring', 'mapstringtoob', 'mapwordtoob'].map(type => ['E113', type, ansi, '00 00']),
    ['14', 'net16', ansi, 'ff fe', 0xfffe],
    ['E150', 'net32', ansi, '00 01 86 a0', 100000],
    ['raw', 'raw:3', ansi, '01 02 03'],
    ['raw', 'raw:0', ansi, ''],
    ['quiet NaN with a payload', 'float',  ansi, '23 01 c0 7f', 0x7fc00123],
    ['quiet NaN with a payload', 'double', ansi, '23 01 00 00 00 00 f8 ff', 0xfff8000000000123n],
];

test('each is loaded whole and byte by byte, and stored again as it came', async () => {
    for (const [label, type, profile, wire, value] of rows)
        for (const pieces of [Infinity, 1]) {
            const row = rowNamed(type, profile);
            const archive = loadFrom(wire, profile, { pieces });
            const loaded = await row.load(archive, profile);
            if (value !== undefined)
                assert.deepEqual(plain(loaded), plain(value), label);
            assert.equal(await archive.atEnd(), true, label);
            assert.equal((await stored(store => row.store(store, loaded, profile), profile)).toString('hex'), hex(wire), label);
        }
});

/* Without the classes of objects. */
function plain(value) {
    if (value instanceof Map)
        return [...value].map(([k, v]) => [k, plain(v)]);
    if (Array.isArray(value) || ArrayBuffer.isView(value))
        return Array.from(value, plain);
    if (typeof value === 'object' && value !== null)
        return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
    return value;
}

test('every strict prefix is the end of file', async () => {
    for (const [label, type, profile, wire] of rows) {
        const whole = Buffer.from(hex(wire), 'hex');
        for (let length = 0; length < whole.length; length++) {
            const cut = rowNamed(type, profile).load(loadFrom(whole.subarray(0, length), profile), profile);
            await assert.rejects(cut, e => [ArchiveException.END_OF_FILE, ArchiveException.BAD_CLASS].includes(e.cause),
                                 `${label} ${type} cut to ${length}`);
        }
    }
});

test('a time of four bytes is understood, and eight bytes behind an old one are not [N36, N38]', async () => {
    const { load } = rowNamed('time', ansi);
    const legacy = loadFrom('80 43 6d 38 5a');
    assert.equal(await load(legacy, ansi), 946684800n);
    assert.equal(await legacy.loadByte(), 0x5a);
    const modern = loadFrom('0a 00 00 80 80 43 6d 38 00 00 00 00', old);
    assert.equal(await load(modern, old), -2147483638n);
    assert.equal(await modern.loadULongLong(), 946684800n);
});

test('7.0 forgets a status when it stores, and reads it all the same [VAL-9]', async () => {
    const profile = profileOf('7.0');
    const { load, store } = rowNamed('oledatetimespan', profile);
    assert.equal((await stored(a => store(a, { status: 0, days: 1.5 }, profile))).toString('hex'), hex('00 00 00 00 00 00 f8 3f'));
    assert.deepEqual(await load(loadFrom('00 00 00 00 00 00 00 00 00 00 f8 3f', profile), profile), { status: 0, days: 1.5 });
});

test('any word but zero is true in a variant, and is stored as ffff', async () => {
    const { load, store } = rowNamed('olevariant', ansi);
    const variant = await load(loadFrom('0b 00 01 00'), ansi);
    assert.equal(variant.value, true);
    assert.equal((await stored(a => store(a, variant, ansi))).toString('hex'), hex('0b 00 ff ff'));
});

test('lists append, maps merge, arrays replace [COL-1, N34]', async () => {
    const archive = loadFrom('01 00 01 "a"  01 00 01 "a"  02 00 01 "a" 01 "1" 01 "b" 01 "2"');
    const list = new CStringList(['old']);
    await list.load(archive);
    assert.deepEqual(list.elements, ['old', 'a']);
    const array = new CStringArray(['old']);
    await array.load(archive);
    assert.deepEqual(array.elements, ['a']);
    const map = new CMapStringToString(new Map([['a', 'old'], ['c', 'kept']]));
    await map.load(archive);
    assert.deepEqual(map.entries, new Map([['a', '1'], ['c', 'kept'], ['b', '2']]));
});

test('a count is not believed before its elements come [COL-4]', async () => {
    for (const type of ['bytearray', 'dwordarray', 'stringlist', 'obarray', 'mapstringtoob'])
        await assert.rejects(rowNamed(type, ansi).load(loadFrom('ff ff ff ff ff 7f'), ansi), { cause: ArchiveException.END_OF_FILE }, type);
});

test('types come with their generation', () => {
    for (const type of ['bool', 'longlong', 'ulonglong', 'wchar', 'cstringa', 'cstringw', 'time64', 'combstr'])
        assert.ok(!rowNamed(type, six) && rowNamed(type, profileOf('7.0')), type);
    for (const type of ['', 'raw', 'raw:', 'raw:01', 'raw:-1', 'raw:1048577', 'object:', 'object:CObject', 'constructor', 'Byte'])
        assert.equal(rowNamed(type, ansi), undefined, type);
    assert.ok(rowNamed('raw:1048576', ansi) && rowNamed('object:CMapWordToOb', ansi));
});
