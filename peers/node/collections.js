/*
 * MFC's own serial collections [6.7, 8.4].
 *
 * They can be loaded and stored directly, which is their body alone, or as objects with a tag in front.
 * Loading an array replaces what it holds, loading a list appends, loading a map merges [COL-1].
 *
 * A count is believed only as far as elements really come, so a large one costs nothing by itself [COL-4]. Map entries
 * are stored in the order of their insertion: MFC's order is that of a hash table and differs between
 * generations, and no reader may depend on it [COL-10 to COL-13].
 */

class NumberArray {
    static schema = 0;

    constructor(elements = new this.constructor.Elements()) {
        this.elements = elements;
    }

    async load(archive) {
        const { Elements, read } = this.constructor;
        const size = Elements.BYTES_PER_ELEMENT;
        const bytes = await archive.loadBytes(Number(await archive.loadCount()) * size);
        this.elements = Elements.from({ length: bytes.length / size }, (_, i) => read(bytes, i * size));
    }

    store(archive) {
        archive.storeCount(this.elements.length);
        this.elements.forEach(element => this.constructor.store(archive, element));
    }
}

export class CByteArray extends NumberArray {
    static Elements = Uint8Array;

    async load(archive) {
        this.elements = Uint8Array.from(await archive.loadBytes(Number(await archive.loadCount())));
    }

    store(archive) {
        archive.storeCount(this.elements.length);
        archive.storeBytes(this.elements);
    }
}

export class CWordArray extends NumberArray {
    static Elements = Uint16Array;
    static read = (bytes, at) => bytes.readUInt16LE(at);
    static store = (archive, element) => archive.storeWord(element);
}

export class CDWordArray extends NumberArray {
    static Elements = Uint32Array;
    static read = (bytes, at) => bytes.readUInt32LE(at);
    static store = (archive, element) => archive.storeDWord(element);
}

const strings = {
    load: archive => archive.loadCString(),
    store: (archive, text) => archive.storeCString(text),
};
const objects = {
    load: archive => archive.loadObject(),
    store: (archive, object) => archive.storeObject(object),
};
const words = {
    load: archive => archive.loadWord(),
    store: (archive, word) => archive.storeWord(word),
};

/* Strings or objects in a row. Arrays and lists differ only in what becomes of earlier elements. */
class Sequence {
    static schema = 0;

    constructor(elements = []) {
        this.elements = elements;
    }

    async load(archive) {
        const { element, appends } = this.constructor;
        if (!appends)
            this.elements = [];
        for (let left = await archive.loadCount(); left > 0; left--)
            this.elements.push(await element.load(archive));
    }

    async store(archive) {
        archive.storeCount(this.elements.length);
        for (const one of this.elements)
            await this.constructor.element.store(archive, one);
    }
}

export class CStringArray extends Sequence {
    static element = strings;
}

export class CObArray extends Sequence {
    static element = objects;
}

export class CStringList extends Sequence {
    static element = strings;
    static appends = true;
}

export class CObList extends Sequence {
    static element = objects;
    static appends = true;
}

/* Of repeated keys the later value counts. */
class Association {
    static schema = 0;

    constructor(entries = new Map()) {
        this.entries = entries;
    }

    async load(archive) {
        const { key, value } = this.constructor;
        for (let left = await archive.loadCount(); left > 0; left--)
            this.entries.set(await key.load(archive), await value.load(archive));
    }

    async store(archive) {
        const { key, value } = this.constructor;
        archive.storeCount(this.entries.size);
        for (const [k, v] of this.entries) {
            key.store(archive, k);
            await value.store(archive, v);
        }
    }
}

export class CMapStringToString extends Association {
    static key = strings;
    static value = strings;
}

export class CMapStringToOb extends Association {
    static key = strings;
    static value = objects;
}

export class CMapWordToOb extends Association {
    static key = words;
    static value = objects;
}

export const collections = [
    CByteArray, CWordArray, CDWordArray, CStringArray, CStringList, CObArray, CObList,
    CMapStringToString, CMapStringToOb, CMapWordToOb,
];
