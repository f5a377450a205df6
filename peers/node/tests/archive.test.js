/* Numbers, strings, lines and counts. Labels such as E28 and N7 are the numbers of worked examples and malformed inputs. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { ArchiveException, LimitException } from '../archive.js';
import { ansi, hex, loadFrom, profileOf, stored, unicode } from './support.js';

const { GENERIC, END_OF_FILE } = ArchiveException;
const six = profileOf('6.0');
const sixWide = profileOf('6.0', 'unicode');
const seven = profileOf('7.0');
const narrow64 = ansi;
const narrow32 = profileOf('10');

/* label, load and store, profile, value, wire */
const canonical = [
    ['E1',  'Byte',      ansi, 0x41,                '41'],
    ['E2',  'Byte',      ansi, 0xff,                'ff'],
    ['E3',  'Char',      ansi, -1,                  'ff'],
    ['E4',  'Word',      ansi, 0x1234,              '34 12'],
    ['E5',  'Short',     ansi, -2,                  'fe ff'],
    ['E6',  'Long',      ansi, 1,                   '01 00 00 00'],
    ['E7',  'Long',      ansi, -1,                  'ff ff ff ff'],
    ['E8',  'Long',      ansi, -2147483648,         '00 00 00 80'],
    ['E9',  'DWord',     ansi, 3000000000,          '00 5e d0 b2'],
    ['E10', 'DWord',     ansi, 0xdeadbeef,          'ef be ad de'],
    ['E13', 'Bool',      ansi, true,                '01'],
    ['E14', 'Bool',      ansi, false,               '00'],
    ['E16', 'LongLong',  ansi, -2n,                 'fe ff ff ff ff ff ff ff'],
    ['E17', 'ULongLong', ansi, 0x0102030405060708n, '08 07 06 05 04 03 02 01'],
    ['E18', 'Float',     ansi, 1,                   '00 00 80 3f'],
    ['E19', 'Float',     ansi, Math.fround(0.1),    'cd cc cc 3d'],
    ['E20', 'Float',     ansi, -0,                  '00 00 00 80'],
    ['E21', 'Double',    ansi, 1,                   '00 00 00 00 00 00 f0 3f'],
    ['E22', 'Double',    ansi, 0.1,                 '9a 99 99 99 99 99 b9 3f'],
    ['E23', 'Double',    ansi, Infinity,            '00 00 00 00 00 00 f0 7f'],

    ['E26', 'CString', ansi,    '',           '00'],
    ['E27', 'CString', ansi,    'A',          '01 41'],
    ['E28', 'CString', ansi,    'Hello',      '05 48 65 6c 6c 6f'],
    ['E30', 'CString', ansi,    'a\0b',       '03 61 00 62'],
    ['E31', 'CString', ansi,    'é',          '01 e9'],
    ['N10', 'CString', ansi,    '€',          '01 80'],
    ['E33', 'CString', unicode, '',           'ff fe ff 00'],
    ['E34', 'CString', unicode, 'A',          'ff fe ff 01 41 00'],
    ['E36', 'CString', unicode, 'ＭＳ ゴシック', 'ff fe ff 07 2d ff 33 ff 20 00 b4 30 b7 30 c3 30 af 30'],
    ['E38', 'CString', unicode, '\u{1f600}',  'ff fe ff 02 3d d8 00 de'],
    ['half a pair', 'CString', unicode, '\ud83d', 'ff fe ff 01 3d d8'],
    ['STR-9 narrow', 'CStringA', unicode, 'A', '01 41'],
    ['STR-9 wide',   'CStringW', ansi,    'A', 'ff fe ff 01 41 00'],

    ['E57', 'Count', ansi,     0n,          '00 00'],
    ['E58', 'Count', ansi,     1n,          '01 00'],
    ['E59', 'Count', ansi,     255n,        'ff 00'],
    ['E60', 'Count', ansi,     65534n,      'fe ff'],
    ['E61', 'Count', ansi,     65535n,      'ff ff ff ff 00 00'],
    ['E62', 'Count', ansi,     65536n,      'ff ff 00 00 01 00'],
    ['fffffffe', 'Count', narrow64, 0xfffffffen, 'ff ff fe ff ff ff'],
    ['E63', 'Count', narrow64, 0xffffffffn, 'ff ff ff ff ff ff ff ff ff ff 00 00 00 00'],
    ['G-2', 'Count', narrow32, 0xffffffffn, 'ff ff ff ff ff ff'],
];

test('values are stored as the examples have them', async () => {
    for (const [label, name, profile, value, wire] of canonical)
        assert.equal((await stored(a => a[`store${name}`](value), profile)).toString('hex'), hex(wire), label);
});

/* label, load, profile, wire, value: what is read, but never written */
const readOnly = [
    ['bool, any but zero', 'Bool', ansi, '80', true],
    ['E51', 'CString', ansi, 'ff 02 00 41 42',                          'AB'],
    ['E52', 'CString', ansi, 'ff ff ff 02 00 00 00 41 42',              'AB'],
    ['E53', 'CString', ansi, 'ff fe ff ff 01 00 41 00',                 'A'],
    ['E54', 'CString', ansi, 'ff ff ff ff ff ff ff 01 00 00 00 00 00 00 00 41', 'A'],
    ['N8',  'CString', ansi, 'ff 00 00',                                ''],
    ['N9',  'CString', ansi, 'ff ff ff 00 00 00 00',                    ''],
    ['N7 up to 6.0, a wide mark', 'CString', sixWide, 'ff ff ff ff ff ff ff 01 41 00',  'A'],
    ['6.0, a WORD behind the mark', 'CString', sixWide, 'ff fe ff ff 01 00 41 00',      'A'],
    ['wide in an ANSI build',      'CString', ansi,    'ff fe ff 02 41 00 ac 20',       'A€'],
    ['wide, unmappable',           'CString', ansi,    'ff fe ff 01 2d ff',             '?'],
    ['narrow in a Unicode build',  'CString', unicode, '02 41 80',                      'A€'],
    ['NUL, 10 converts',           'CString', unicode, '03 61 00 62',                   'a\0b'],
    ['NUL, 7.0',                   'CString', seven,   '03 61 00 62',                   'a'],
    ['NUL, 7.1',                       'CString', profileOf('7.1'), '03 61 00 62',          'a'],
    ['NUL, 8 converts',                'CString', profileOf('8', 'unicode'), '03 61 00 62', 'a\0b'],
    ['NUL, 6.0 keeps',             'CString', six,     '03 61 00 62',                   'a\0b'],
    ['NUL, 6.0 converts',          'CString', sixWide, '03 61 00 62',                   'a'],
    ['E64', 'Count', ansi,     'ff ff 02 00 00 00',                                     2n],
    ['8 bytes hold a small count', 'Count', narrow64, 'ff ff ff ff ff ff 02 00 00 00 00 00 00 00', 2n],
];

const loads = [...canonical.map(([label, name, profile, value, wire]) => [label, name, profile, wire, value]), ...readOnly];

test('values are loaded whole and byte by byte, and what follows them is next', async () => {
    for (const [label, name, profile, wire, value] of loads)
        for (const pieces of [Infinity, 1, 3]) {
            const archive = loadFrom(`${wire} 5a`, profile, { pieces });
            assert.deepEqual(await archive[`load${name}`](), value, `${label} in pieces of ${pieces}`);
            assert.equal(await archive.loadByte(), 0x5a, label);
            assert.equal(await archive.atEnd(), true, label);
        }
});

test('every strict prefix of a value is the end of file', async () => {
    for (const [label, name, profile, wire] of loads) {
        const whole = Buffer.from(hex(wire), 'hex');
        for (let length = 0; length < whole.length; length++)
            await assert.rejects(loadFrom(whole.subarray(0, length), profile)[`load${name}`](), { cause: END_OF_FILE },
                                 `${label} cut to ${length}`);
    }
});

test('lengths have their forms at the thresholds [STR-5]', async () => {
    const heads = [
        [253,     'fd',                   'ff fe ff fd'],
        [254,     'fe',                   'ff fe ff fe'],
        [255,     'ff ff 00',             'ff fe ff ff ff 00'],
        [256,     'ff 00 01',             'ff fe ff ff 00 01'],
        [1000,    'ff e8 03',             'ff fe ff ff e8 03'],
        [65533,   'ff fd ff',             'ff fe ff ff fd ff'],
        [65534,   'ff ff ff fe ff 00 00', 'ff fe ff ff ff ff fe ff 00 00'],
        [65535,   'ff ff ff ff ff 00 00', 'ff fe ff ff ff ff ff ff 00 00'],
        [65536,   'ff ff ff 00 00 01 00', 'ff fe ff ff ff ff 00 00 01 00'],
        [1000000, 'ff ff ff 40 42 0f 00', 'ff fe ff ff ff ff 40 42 0f 00'],
    ];
    for (const [length, narrow, wide] of heads) {
        const text = 'a'.repeat(length);
        for (const [profile, head, unit] of [[ansi, narrow, 1], [unicode, wide, 2]]) {
            const wire = await stored(a => a.storeCString(text), profile);
            const size = wire.length - unit * length;
            assert.equal(wire.subarray(0, size).toString('hex'), hex(head), `${length}`);
            assert.equal(await loadFrom(wire, profile, { pieces: 4096 }).loadCString(), text, `${length}`);
        }
    }
});

test('behind the mark of a wide string the mark is a length [N6]', async () => {
    const wire = Buffer.concat([Buffer.from('fffefffffeff', 'hex'), Buffer.alloc(2 * 65534, 'a\0')]);
    assert.equal(await loadFrom(wire, unicode).loadCString(), 'a'.repeat(65534));
});

test('lengths that no memory holds', async () => {
    const qword = 'ff ff ff ff ff ff ff 00 00 00 80 00 00 00 00';
    await assert.rejects(loadFrom(qword, narrow32).loadCString(), { cause: GENERIC }, 'N7');
    await assert.rejects(loadFrom(`${qword} 41`, narrow64).loadCString(), { cause: END_OF_FILE });
    const beyond = 'ff ff ff ff ff ff ff 01 00 00 00 01 00 00 00 41';
    await assert.rejects(loadFrom(beyond, profileOf('7.0', 'ansi', 64)).loadCString(), { cause: END_OF_FILE }, '7.0 does not cut');
    assert.equal(await loadFrom(beyond, profileOf('7.1', 'ansi', 64)).loadCString(), 'A');
    await assert.rejects(loadFrom('ff fe ff ff fe ff 41 00', six).loadCString(), LimitException, 'N6, up to 6.0');
});

test('more than was allowed is refused once it has come', async () => {
    const announced = loadFrom('0a 41 42 43 44 45');
    announced.allow(4);
    await assert.rejects(announced.loadCString(), LimitException);
    const cut = loadFrom('0a 41 42');
    cut.allow(4);
    await assert.rejects(cut.loadCString(), { cause: END_OF_FILE });
    const two = loadFrom('01 41 01 42 05');
    two.allow(2);
    assert.equal(await two.loadCString(), 'A');
    two.allow(2);
    assert.equal(await two.loadCString(), 'B');
    await assert.rejects(two.loadByte(), LimitException);
});

/* wire, in an ANSI build, and the lines that are read from it [STR-23 to STR-28] */
const lines = [
    ['"ab" 0a "c" 0a',    ['ab', 'c', null]],
    ['"ab" 0d 0a "c"',    ['ab', 'c', null]],
    ['0a 0a',             ['', '', null]],
    ['"a" 0d "b" 0a',     ['ab', '', null]],
    ['"a" 0d 0d 0a',      ['a\r', '', null]],
    ['"a" 0d',            ['a', null]],
    ['0d',                [null]],
    ['80 0a',             ['€', null]],
    [Buffer.from('x'.repeat(128)),       ['x'.repeat(128), null]],
    [Buffer.from('x'.repeat(128) + '\n'), ['x'.repeat(128), null]],
    [Buffer.from('x'.repeat(127) + '\r\ny'), ['x'.repeat(127), 'y', null]],
    [Buffer.from('x'.repeat(127) + '\ryz\n'), ['x'.repeat(127) + 'yz', null]],
];

test('lines', async () => {
    for (const [wire, expected] of lines)
        for (const pieces of [Infinity, 1]) {
            const archive = loadFrom(wire, ansi, { pieces });
            for (const line of expected)
                assert.equal(await archive.loadLine(), line, `${wire}`);
        }
    assert.equal(await loadFrom('48 00 69 00 0d 00 0a 00', unicode).loadLine(), 'Hi');
});

test('text without a length [E55, E56]', async () => {
    assert.equal((await stored(a => a.storeString('Hi\r\n'), ansi)).toString('hex'), hex('48 69 0d 0a'));
    assert.equal((await stored(a => a.storeString('Hi\r\n'), unicode)).toString('hex'), hex('48 00 69 00 0d 00 0a 00'));
});

test('every byte of the code page comes back as it was', async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const text = await loadFrom(Buffer.concat([Buffer.from('ff0001', 'hex'), all])).loadCStringA();
    assert.equal(text.length, 256);
    assert.equal((await stored(a => a.storeCStringA(text))).subarray(3).toString('hex'), all.toString('hex'));
});
