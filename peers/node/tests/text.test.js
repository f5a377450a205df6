/* The text notation of the service: texts that come back as they went, and texts that are bad. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { Maker, Teller } from '../notation.js';
import { BadText, tellString } from '../text.js';
import { rowNamed } from '../types.js';
import { ansi, loadFrom, profileOf, stored, unicode } from './support.js';

const six = profileOf('6.0');
const LIMITS = { maxBytes: 1 << 23, maxDepth: 100 };

async function make(type, text, profile = ansi, { known = [], limits = LIMITS } = {}) {
    const maker = new Maker(text, { profile, known, ...limits });
    const value = await rowNamed(type, profile).make(maker);
    if (!maker.over)
        maker.fail('more text');
    return value;
}

async function tell(type, wire, profile = ansi) {
    const archive = loadFrom(wire, profile);
    const row = rowNamed(type, profile);
    const value = await row.load(archive, profile);
    return row.tell(value, new Teller(archive, 0, 100));
}

/* type, text: what comes out again, by way of the wire, as it went in */
const examples = [
    ['char', '-2'], ['byte', '255'], ['count', '18446744073709551615'], ['bool', 'true'], ['bool', 'false'],
    ['longlong', '-9223372036854775808'], ['ulonglong', '18446744073709551615'],
    ['float', '3f800000'], ['double', '40e1d5c000000000'],
    ['cstring', 'u:00480069'], ['cstring', 'u:'], ['combstr', 'u:20ac'], ['line', 'u:0041'],
    ['cstringw', 'w:00480069d83d'], ['cstringa', 'a:4869ff80'], ['raw:2', 'r:00ff'],
    ['size', '(1,-1)'], ['point', '(1,-1)'], ['rect', '(50,20,800,125)'],
    ['time', '-9223372036854775808'], ['timespan', '-60'], ['time64', '946684800'],
    ['oledatetime', '(0,40e1d5c000000000)'], ['oledatetimespan', '(2,0000000000000000)'], ['olecurrency', '(0,123400)'],
    ['olevariant', '(0)'], ['olevariant', '(1)'], ['olevariant', '(8,u:00480069)'], ['olevariant', '(4,3f800000)'],
    ['olevariant', '(11,true)'], ['olevariant', '(16,-1)'], ['olevariant', '(21,18446744073709551615)'],
    ['bytearray', '[1,2,3]'], ['wordarray', '[65535]'], ['dwordarray', '[4294967295]'], ['dwordarray', '[]'],
    ['stringarray', '[u:0041,u:]'], ['stringlist', '[]'],
    ['obarray', '[CAge(1),null,@1]'], ['oblist', '[CNode(1,CNode(2,@1)),CTestPoint(1,2,@2)]'],
    ['mapwordtoob', '{5=CAge(30)}'], ['mapstringtostring', '{u:0041=u:0042,u:0043=u:}'], ['mapstringtoob', '{}'],
    ['object', 'null'], ['object', 'CNode(7,@1)'], ['object', 'CNetMessage(u:0061,u:0062,946684800)'],
    ['object', 'CTestPoint(1,2,null)'], ['object', 'CVersioned:3(42)'], ['object', 'CLetter:700(u:0041,5)'],
    ['object', 'CStringArray[u:0078]'], ['object', 'CMapWordToOb{5=CAge(30)}'], ['object:CByteArray', 'CByteArray[1]'],
    ['class', 'CAge:1'], ['net16', '4660'], ['net32', '4294967295'],
];

test('the examples are made, stored, loaded and told', async () => {
    for (const profile of [ansi, unicode])
        for (const [type, text] of examples) {
            const row = rowNamed(type, profile);
            const value = await make(type, text, profile);
            const wire = await stored(archive => row.store(archive, value, profile), profile);
            assert.equal(await tell(type, wire, profile), text, `${type} ${text} ${profile.charset}`);
        }
});

test('what is longer than 64 units or elements is told by its sum', async () => {
    assert.equal(tellString('u', 'A'.repeat(1000)), 'u#1000:9571905c');
    assert.equal(tellString('u', 'A'.repeat(64)), `u:${'0041'.repeat(64)}`);
    assert.match(tellString('a', 'A'.repeat(65)), /^a#65:[0-9a-f]{8}$/);
    // The sums of the same bytes are the same, whatever they are called.
    const sum = text => text.split(':')[1].replace(']', '');
    assert.equal(sum(tellString('w', 'A'.repeat(100))), sum(await tell('wordarray', ['64 00', ...Array(100).fill('41 00')].join(' '))));
    assert.equal(sum(tellString('a', 'A'.repeat(100))), sum(await tell('bytearray', ['64 00', ...Array(100).fill('41')].join(' '))));
});

test('repeats', async () => {
    assert.equal(await make('cstring', 'u*3:0041'), 'AAA');
    assert.equal(await make('cstring', 'u*0:0041'), '');
    assert.equal(await make('cstringa', 'a*2:80'), '€€');
    assert.deepEqual(await make('raw:2', 'r*2:ff'), Buffer.of(0xff, 0xff));
    assert.deepEqual((await make('dwordarray', '[*2:7]')).elements, Uint32Array.of(7, 7));
    assert.deepEqual((await make('stringlist', '[u*2:0041,u:]')).elements, ['AA', '']);
    assert.equal((await make('cstringw', 'w*524288:d83d')).length, 524288);
});

test('maps are told in the order of their keys, and objects named in that order', async () => {
    const AGE = 'ff ff 01 00 04 00 "CAge"';
    assert.equal(await tell('mapwordtoob', `03 00  05 00 ${AGE} 1e 00 00 00  0a 00 02 00  02 00 00 00`), '{10=CAge(30),2=null,5=@1}');
    assert.equal(await tell('mapstringtostring', '02 00 01 "b" 00  01 "a" 01 "x"'), '{u:0061=u:0078,u:0062=u:}');
    assert.equal(await tell('mapwordtoob', `02 00  05 00 ${AGE} 01 00 00 00  05 00 01 80 02 00 00 00`), '{5=CAge(2)}');
});

test('a letter is told with the schema and the fields of the stream', async () => {
    assert.equal(await tell('object', 'ff ff 58 02 07 00 "CLetter" 01 "A"'), 'CLetter:600(u:0041)');
    assert.equal(await tell('object', 'ff ff 20 03 07 00 "CLetter" 01 "A" 05 00 00 00'), 'CLetter:800(u:0041,5)');
    assert.equal(await tell('class', 'ff ff 58 02 07 00 "CLetter"'), 'CLetter:600');
});

test('what an earlier request carried is named by its number', async () => {
    const archive = loadFrom('ff ff 01 00 04 00 "CAge" 15 00 00 00  01 80 16 00 00 00  02 00');
    const objects = [await archive.loadObject(), await archive.loadObject(), await archive.loadObject()];
    const teller = new Teller(archive, 1, 100);
    assert.equal(await teller.object(objects[0]), '@1');
    assert.equal(await teller.object(objects[1]), 'CAge(22)');
    assert.equal(await teller.object(objects[1]), '@2');
});

test('@k counts the objects of the store direction, then those of the text', async () => {
    const known = [await make('object', 'CAge(1)')];
    const list = await make('obarray', '[CNode(7,@2),@1,CAge(2),@3]', ansi, { known });
    const [node, old, fresh, again] = list.elements;
    assert.equal(node.next, node);
    assert.equal(old, known[0]);
    assert.equal(again, fresh);
    await assert.rejects(make('obarray', '[@2,CAge(1)]', ansi, { known }), BadText);
});

/* type, text, profile */
const bad = [
    ['byte', '256'], ['byte', '-1'], ['byte', ''], ['byte', ' 1'], ['byte', '1 '], ['byte', '0x1'], ['byte', '1e1'], ['char', '128'],
    ['dword', '4294967296'], ['long', '2147483648'], ['ulonglong', '18446744073709551616'], ['longlong', '9223372036854775808'],
    ['count', '4294967296', profileOf('10')], ['count', '-1'], ['time', '2147483648', six], ['timespan', '2147483648'],
    ['bool', '1'], ['bool', 'TRUE'], ['float', '3f80000'], ['float', '3f8000000'], ['float', '1.0'], ['double', '3f800000'],
    ['cstring', 'w:0041'], ['cstring', '0041'], ['cstring', 'u:004'], ['cstring', 'u*3:41'], ['cstring', 'u*1048577:0041'],
    ['cstring', 'u#1000:9571905c'], ['cstringa', 'u:0041'], ['raw:2', 'r:00'], ['raw:2', 'r:000000'],
    ['line', 'u:000a'], ['line', 'u:000d'], ['line', 'u:0000'],
    ['size', '(1)'], ['size', '(1,2,3)'], ['size', '(1, 2)'], ['rect', '(1,2,3)'], ['olecurrency', '(0)'],
    ['olevariant', '(2)'], ['olevariant', '(0,1)'], ['olevariant', '(9,1)'], ['olevariant', '(3,2147483648)'], ['olevariant', '(16,1)', six],
    ['bytearray', '[256]'], ['bytearray', '[1,]'], ['bytearray', '[,1]'], ['bytearray', '[1'], ['bytearray', '1'], ['wordarray', '[*2:65536]'],
    ['stringarray', '[a:41]'], ['mapwordtoob', '{65536=null}'], ['mapwordtoob', '{1:null}'], ['mapwordtoob', '{1=CAge(1)'],
    ['object', ''], ['object', 'CAge'], ['object', 'CAge()'], ['object', 'CAge(1,2)'], ['object', 'CNobody(1)'], ['object', '@1'], ['object', '@0'],
    ['object', 'Cage(1)'], ['object', 'CAge(1)x'], ['object', 'CVersioned:2(1)'], ['object', 'CLetter:600(u:0041)'], ['object', 'CNode(1)'],
    ['object:CNode', 'CAge(1)'], ['object:CNode', 'CNode(1,CNode(1,@3))'], ['class', 'CAge:2'], ['class', 'CNobody:1'], ['class', 'CAge'],
];

test('bad texts', async () => {
    for (const [type, text, profile] of bad)
        await assert.rejects(make(type, text, profile), BadText, `${type} ${text}`);
});

test('a short text does not become more than is allowed', async () => {
    const limits = { maxBytes: 1000, maxDepth: 3 };
    await assert.rejects(make('stringarray', '[u*300:0041,u*300:0041]', ansi, { limits }), BadText);
    await assert.rejects(make('dwordarray', '[*251:0]', ansi, { limits }), BadText);
    await assert.rejects(make('object', 'CNode(1,CNode(1,CNode(1,CNode(1,null))))', ansi, { limits }), BadText);
    await make('object', 'CNode(1,CNode(1,CNode(1,null)))', ansi, { limits });
});
