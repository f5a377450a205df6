/* Object tags, classes and schemas: worked examples E65 to E83, and what readers must refuse. */
import assert from 'node:assert/strict';
import test from 'node:test';

import { ArchiveException, LimitException, NotSupportedException, StoreArchive } from '../archive.js';
import { CByteArray, CObList, CStringList } from '../collections.js';
import { CAge, CLetter, CNetMessage, CNode, CVersioned } from '../objects.js';
import { ansi, hex, loadFrom, stored, unicode, Wire } from './support.js';

const { END_OF_FILE, BAD_INDEX, BAD_CLASS, BAD_SCHEMA } = ArchiveException;

const age = years => Object.assign(new CAge(), { age: years });
const node = (value, next) => Object.assign(new CNode(), { value, next });
const message = (from, text, time) => Object.assign(new CNetMessage(), { from, text, time });

const AGE = 'ff ff 01 00 04 00 "CAge"';
const NODE = 'ff ff 03 00 05 00 "CNode"';

const [one, two] = [age(21), age(22)];
const self = node(7, null);
self.next = self;
const cycle = node(1, node(2, null));
cycle.next.next = cycle;
const inner = age(9);

/* label, objects in their order, wire */
const graphs = [
    ['E65', [null],                           '00 00'],
    ['E66', [one],                            `${AGE} 15 00 00 00`],
    ['E67', [one, two],                       `${AGE} 15 00 00 00 01 80 16 00 00 00`],
    ['E68', [one, two, one, two, null],       `${AGE} 15 00 00 00 01 80 16 00 00 00 02 00 03 00 00 00`],
    ['E69', [self],                           `${NODE} 07 00 00 00 02 00`],
    ['E70', [cycle],                          `${NODE} 01 00 00 00 01 80 02 00 00 00 02 00`],
    ['E71', [node(5, inner), age(10), inner], `${NODE} 05 00 00 00 ${AGE} 09 00 00 00 03 80 0a 00 00 00 04 00`],
    ['E81', [new CStringList()],              'ff ff 00 00 0b 00 "CStringList" 00 00'],
    ['E126', [new CByteArray(Uint8Array.of(0xaa))], 'ff ff 00 00 0a 00 "CByteArray" 01 00 aa'],
    ['E148, E149', [message('al', 'hi', 946684800), message('al', 'yo', 946684801)],
        'ff ff 01 00 0b 00 "CNetMessage" 02 "al" 02 "hi" 80 43 6d 38 01 80 02 "al" 02 "yo" 81 43 6d 38'],
    ['E120', [new CObList([one, null, one])], `ff ff 00 00 07 00 "CObList" 03 00 ${AGE} 15 00 00 00 00 00 04 00`],
];

test('graphs are stored as the examples have them', async () => {
    for (const [label, objects, wire] of graphs)
        assert.equal((await stored(async archive => {
            for (const object of objects)
                await archive.storeObject(object);
        })).toString('hex'), hex(wire), label);
});

test('graphs are loaded, whole and byte by byte, with their identities', async () => {
    for (const [label, objects, wire] of graphs)
        for (const pieces of [Infinity, 1]) {
            const archive = loadFrom(wire, ansi, { pieces });
            const loaded = [];
            for (const _ of objects)
                loaded.push(await archive.loadObject());
            assert.deepEqual(loaded, objects, label);
            for (const [i, object] of loaded.entries())
                assert.equal(loaded.indexOf(object), objects.indexOf(objects[i]), label);
            assert.equal(await archive.atEnd(), true, label);
        }
});

test('what was loaded is stored again as it came', async () => {
    for (const [label, objects, wire] of graphs) {
        const archive = loadFrom(wire);
        const again = await stored(async store => {
            for (const _ of objects)
                await store.storeObject(await archive.loadObject());
        });
        assert.equal(again.toString('hex'), hex(wire), label);
    }
});

test('a class name has 8 bits in a Unicode build, too', async () => {
    assert.equal((await stored(a => a.storeObject(one), unicode)).toString('hex'), hex(`${AGE} 15 00 00 00`));
});

test('a class alone takes an index, and no object follows [E72]', async () => {
    assert.equal((await stored(a => { a.storeClass(CAge); a.storeLong(4); a.storeClass(CAge); })).toString('hex'),
                 hex(`${AGE} 04 00 00 00 01 80`));
    const archive = loadFrom(`${AGE} 01 80 01 80 05 00 00 00 02 00`);
    assert.equal((await archive.loadClass()).type, CAge);
    assert.equal((await archive.loadClass()).type, CAge);
    assert.equal((await archive.loadObject()).age, 5);
    assert.equal((await archive.loadObject()).age, 5);
});

test('indexes of 7fff and more have the long form, for objects and for classes [OBJ-1]', async () => {
    const ages = Array.from({ length: 0x7ffe }, (_, i) => age(i));    // the class is 1, so these are 2 to 7fff
    const file = new Wire();
    const archive = new StoreArchive(file, { profile: ansi });
    for (const object of ages)
        await archive.storeObject(object);
    archive.storeClass(CNode);                                         // 8000
    await archive.flush();
    const before = file.written.splice(0);
    await archive.storeObject(ages[0x7ffe - 2]);
    await archive.storeObject(ages[0x7fff - 2]);
    archive.storeClass(CNode);
    archive.storeClass(CAge);
    await archive.flush();
    const wire = Buffer.concat(file.written);
    assert.equal(wire.toString('hex'), hex('fe 7f  ff 7f ff 7f 00 00  ff 7f 00 80 00 80  01 80'));

    const load = loadFrom(Buffer.concat([...before, wire]));
    const loaded = [];
    for (const _ of ages)
        loaded.push(await load.loadObject());
    assert.equal((await load.loadClass()).type, CNode);
    assert.equal(await load.loadObject(), loaded[0x7ffe - 2]);
    assert.equal(await load.loadObject(), loaded[0x7fff - 2]);
    assert.equal((await load.loadClass()).type, CNode);
    assert.equal((await load.loadClass()).type, CAge);
});

test('the long form is taken for small indexes, too [OBJ-3]', async () => {
    const archive = loadFrom(`ff 7f 00 00 00 00  ${AGE} 15 00 00 00  ff 7f 02 00 00 00  ff 7f 01 00 00 80 16 00 00 00`);
    assert.equal(await archive.loadObject(), null);
    const first = await archive.loadObject();
    assert.equal(await archive.loadObject(), first);
    assert.equal((await archive.loadObject()).age, 22);
});

test('a class that is described again gets a second index [N31]', async () => {
    const archive = loadFrom(`${AGE} 15 00 00 00 ${AGE} 16 00 00 00 03 80 17 00 00 00 01 80 18 00 00 00 05 00`);
    for (const years of [21, 22, 23, 24, 23])
        assert.equal((await archive.loadObject()).age, years);
});

test('a versionable class is told the schema of the stream, also where only its index comes [SCH-3]', async () => {
    const archive = loadFrom('ff ff 58 02 07 00 "CLetter" 01 "A"  01 80 01 "B"  ff ff 02 00 0a 00 "CVersioned" 2a 00 00 00');
    const letters = [await archive.loadObject(), await archive.loadObject()];
    assert.deepEqual(letters.map(({ loadedSchema, text, stamp }) => [loadedSchema, text, stamp]), [[600, 'A', 0], [600, 'B', 0]]);
    const versioned = await archive.loadObject();
    assert.deepEqual([versioned.loadedSchema, versioned.value], [2, 42]);
    assert.equal((await stored(a => a.storeObject(letters[0]))).toString('hex'),
                 hex('ff ff bc 02 07 00 "CLetter" 01 "A" 00 00 00 00'));
    const current = await loadFrom('ff ff bc 02 07 00 "CLetter" 01 "A" 05 00 00 00').loadObject(CLetter);
    assert.deepEqual([current.loadedSchema, current.stamp], [700, 5]);
});

/* label, wire of what must be refused, its cause, class that was requested */
const refused = [
    ['N13', '00 80', BAD_INDEX],
    ['N14', '01 00', BAD_INDEX],
    ['N15', '01 80', BAD_INDEX],
    ['N17', 'ff 7f ff ff ff ff', BAD_INDEX],
    ['index 0 of a class, long', 'ff 7f 00 00 00 80', BAD_INDEX],
    ['N18', 'ff ff 01 00 40 00', BAD_CLASS],
    ['N19', `ff ff 01 00 3f 00 "${'C'.repeat(63)}"`, BAD_CLASS],
    ['N20', 'ff ff 01 00 00 00', BAD_CLASS],
    ['N21', 'ff ff 01 00 04 00 "CA"', BAD_CLASS],
    ['N22', 'ff ff 01 00', END_OF_FILE],
    ['N23', 'ff ff 02 00 04 00 "CAge" 15 00 00 00', BAD_SCHEMA],
    ['case of a name', 'ff ff 01 00 04 00 "cage" 15 00 00 00', BAD_CLASS],
    ['N25', `${AGE} 15 00 00 00`, BAD_CLASS, CNode],
    ['tag cut', 'ff', END_OF_FILE],
    ['long tag cut', 'ff 7f 01 00', END_OF_FILE],
    ['body cut', `${AGE} 15 00 00`, END_OF_FILE],
    ['N27', `${AGE} 15 00 00 00 01 00`, BAD_INDEX],
    ['N28', `${AGE} 15 00 00 00 02 80`, BAD_INDEX],
    ['N29', `${AGE} 15 00 00 00 03 00`, BAD_INDEX],
    ['its own class inside', `${NODE} 07 00 00 00 01 00`, BAD_INDEX],
];

test('what readers must refuse, with its cause', async () => {
    for (const [label, wire, cause, requested] of refused) {
        const archive = loadFrom(wire);
        await assert.rejects(async () => {
            await archive.loadObject(requested);
            await archive.loadObject();
        }, { cause }, label);
    }
});

test('an object of another class than requested, by its index [N26]', async () => {
    const archive = loadFrom(`${AGE} 15 00 00 00 02 00 02 00`);
    const first = await archive.loadObject(CAge);
    assert.equal(await archive.loadObject(CAge), first);
    await assert.rejects(archive.loadObject(CNode), { cause: BAD_CLASS });
});

test('an object or null where a class is due [N30]', async () => {
    await assert.rejects(loadFrom('00 00').loadClass(), { cause: BAD_INDEX });
    await assert.rejects(loadFrom('02 00').loadClass(), { cause: BAD_INDEX });
});

test('what is no serial class is not stored, and leaves no byte [OBJ-20]', async () => {
    class CPlain {}
    assert.equal((await stored(async archive => {
        await assert.rejects(archive.storeObject(new CPlain()), NotSupportedException);
        assert.throws(() => archive.storeClass(CPlain), NotSupportedException);
    })).length, 0);
});

test('objects are counted in the order of their first bytes, without classes', async () => {
    const archive = loadFrom(`${NODE} 05 00 00 00 ${AGE} 09 00 00 00 02 00`);
    const outer = await archive.loadObject();
    assert.deepEqual([archive.ordinalOf(outer), archive.ordinalOf(outer.next), archive.objects], [1, 2, 2]);
    const store = new StoreArchive(new Wire());
    await store.storeObject(outer);
    assert.deepEqual(store.objects, [outer, outer.next]);
});

test('chains are as long as was agreed, and no longer', async () => {
    const chain = length => `${NODE} 01 00 00 00 ${'01 80 01 00 00 00 '.repeat(length - 1)} 00 00`;
    const head = await loadFrom(chain(5000), ansi, { maxDepth: 5000 }).loadObject();
    assert.equal((await stored(a => a.storeObject(head))).toString('hex'), hex(chain(5000)));
    await assert.rejects(loadFrom(chain(5001), ansi, { maxDepth: 5000 }).loadObject(), LimitException);
    await assert.rejects(new StoreArchive(new Wire(), { maxDepth: 4999 }).storeObject(head), LimitException);
});

test('a rollback leaves neither bytes nor table entries', async () => {
    const wire = await stored(async archive => {
        await archive.storeObject(one);
        const mark = archive.mark();
        await archive.storeObject(node(1, two));
        archive.rollback(mark);
        assert.deepEqual(archive.objects, [one]);
        await archive.storeObject(two);
        await archive.storeObject(self);
    });
    assert.equal(wire.toString('hex'), hex(`${AGE} 15 00 00 00 01 80 16 00 00 00 ${NODE} 07 00 00 00 05 00`));
});
