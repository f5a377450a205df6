/*
 * How values are told as text and made from it; objects most of all.
 *
 * A notation is a pair of functions:
 *
 *     tell(value, teller)      value to text
 *     make(maker)              text to value
 *
 * Those that may meet an object are asynchronous, for objects may be nested deeply.
 */
import * as collections from './collections.js';
import * as objects from './objects.js';
import { BadText, Scanner, tellNumbers, tellString } from './text.js';

export function integers(min, max) {
    const big = typeof min === 'bigint';
    return { tell: String, make: maker => big ? maker.bigInteger(min, max) : maker.integer(min, max) };
}

/* letter   u, w, a or r */
export function strings(letter) {
    return { tell: text => tellString(letter, text), make: maker => maker.string(letter) };
}

/* An object pointer, of the requested class if there is one. */
export function pointers(requested) {
    return { tell: (object, teller) => teller.object(object), make: maker => maker.object(requested) };
}

/* The fields of a plain object in parentheses, each with its notation. */
export function tuples(...fields) {
    return {
        async tell(object, teller) {
            let told = '';
            for (const [name, { tell }] of fields)
                told += (told && ',') + await tell(object[name], teller);
            return `(${told})`;
        },
        async make(maker, object = {}) {
            for (const [i, [name, { make }]] of fields.entries()) {
                maker.expect(i === 0 ? '(' : ',');
                object[name] = await make(maker);
            }
            maker.expect(')');
            return object;
        },
    };
}

const word = integers(0, 0xffff);
const long = integers(-(2 ** 31), 2 ** 31 - 1);
const cstring = strings('u');
const object = pointers();

/*
 * The content of an object, which stands behind the name of its class. Here `make` is given the object to fill: others
 * may already point to it.
 */
const contents = new Map([
    [objects.CAge,        tuples(['age', long])],
    [objects.CNode,       tuples(['value', long], ['next', object])],
    [objects.CNetMessage, tuples(['from', cstring], ['text', cstring], ['time', long])],
    [objects.CTestPoint,  tuples(['x', long], ['y', long], ['data', object])],
    [objects.CVersioned,  versioned(tuples(['value', long]))],
    [objects.CLetter,     versioned(tuples(['text', cstring], ['stamp', long]), 700, tuples(['text', cstring]))],

    [collections.CByteArray,         numbers()],
    [collections.CWordArray,         numbers()],
    [collections.CDWordArray,        numbers()],
    [collections.CStringArray,       sequences(cstring)],
    [collections.CStringList,        sequences(cstring)],
    [collections.CObArray,           sequences(object)],
    [collections.CObList,            sequences(object)],
    [collections.CMapStringToString, maps(cstring, cstring)],
    [collections.CMapStringToOb,     maps(cstring, object)],
    [collections.CMapWordToOb,       maps(word, object)],
]);

/* With the schema in front. What has a schema below `since` is told like `older`; none such is made. */
function versioned(content, since = 0, older = content) {
    return {
        async tell(object, teller) {
            const { tell } = object.loadedSchema < since ? older : content;
            return `:${object.loadedSchema}${await tell(object, teller)}`;
        },
        make(maker, object) {
            maker.schema(object.constructor);
            return content.make(maker, object);
        },
    };
}

function numbers() {
    return {
        tell: array => tellNumbers(array.elements),
        make(maker, array) {
            array.elements = maker.numbers(array.constructor.Elements);
        },
    };
}

function sequences(element) {
    return {
        async tell({ elements }, teller) {
            let told = '';
            for (const one of elements)
                told += (told && ',') + await element.tell(one, teller);
            return `[${told}]`;
        },
        async make(maker, collection) {
            collection.elements = await maker.list('[', ']', () => element.make(maker));
        },
    };
}

/* Entries are told in the order of their keys' texts, so objects are met in that order, too. */
function maps(key, value) {
    return {
        async tell({ entries }, teller) {
            const byKey = [...entries].map(([k, v]) => [key.tell(k), v]).sort(([a], [b]) => a < b ? -1 : 1);
            let told = '';
            for (const [k, v] of byKey)
                told += `${told && ','}${k}=${await value.tell(v, teller)}`;
            return `{${told}}`;
        },
        async make(maker, map) {
            map.entries = new Map(await maker.list('{', '}', async () => {
                const k = key.make(maker);
                maker.expect('=');
                return [k, await value.make(maker)];
            }));
        },
    };
}

/* A collection without a tag around it: its content alone. */
export function directly(type) {
    const content = contents.get(type);
    return {
        tell: content.tell,
        async make(maker) {
            const collection = new type();
            await content.make(maker, collection);
            return collection;
        },
    };
}

/*
 * Names objects of the load direction: in full the first time, by `@k` after that. What an earlier request has carried
 * was named there, also if it was not told.
 */
export class Teller {
    #archive;
    #before;
    #maxDepth;
    #named = new Set();
    #depth = 0;

    /* before   how many objects the archive had met when the request began */
    constructor(archive, before, maxDepth) {
        this.#archive = archive;
        this.#before = before;
        this.#maxDepth = maxDepth;
    }

    async object(object) {
        if (object === null)
            return 'null';
        const k = this.#archive.ordinalOf(object);
        if (k <= this.#before || this.#named.has(object))
            return `@${k}`;
        this.#named.add(object);
        if (++this.#depth > this.#maxDepth)
            throw new BadText(`objects are nested more than ${this.#maxDepth} deep`);
        await undefined;                // goes on with an empty stack
        const content = await contents.get(object.constructor).tell(object, this);
        this.#depth--;
        return object.constructor.name + content;
    }
}

/* Makes values of a text. `@k` is the k-th object of the store direction; those of the text itself count on from there. */
export class Maker extends Scanner {
    #known;
    #maxDepth;
    #made = [];
    #depth = 0;

    /* known   the objects of the store direction */
    constructor(text, { profile, known, maxBytes, maxDepth }) {
        super(text, maxBytes);
        this.profile = profile;
        this.#known = known;
        this.#maxDepth = maxDepth;
    }

    async object(requested) {
        if (this.accept('null'))
            return null;
        if (this.accept('@')) {
            const k = this.integer(1, 2 ** 32);
            const object = this.#known[k - 1] ?? this.#made[k - 1 - this.#known.length];
            if (!object)
                this.fail(`there is no object ${k} yet`);
            this.#require(object.constructor, requested);
            return object;
        }

        const type = this.class();
        this.#require(type, requested);
        const object = new type();
        this.#made.push(object);
        if (++this.#depth > this.#maxDepth)
            this.fail(`objects are nested more than ${this.#maxDepth} deep`);
        await undefined;                // goes on with an empty stack
        await contents.get(type).make(this, object);
        this.#depth--;
        return object;
    }

    class() {
        const name = this.name();
        return objects.classes.find(type => type.name === name) ?? this.fail(`no class is called ${name}`);
    }

    /* `:N`, where N must be the class's own number. */
    schema(type) {
        this.expect(':');
        this.integer(type.schema, type.schema);
    }

    #require(type, requested) {
        if (requested && type !== requested)
            this.fail(`a ${type.name} is no ${requested.name}`);
    }
}
