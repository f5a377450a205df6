/*
 * MFC's own serial collections [TAB-6.7, TAB-8.4].
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

/*
 * Strings or objects in a row. Arrays and lists differ only in what becomes of earlier elements. What holds objects
 * has a store that must be awaited, as storeObject itself; what holds strings has not.
 */
class Sequence {
    static schema = 0;
    static appends = false;

    constructor(elements = []) {
        this.elements = elements;
    }

    async loadEach(archive, loadElement) {
        if (!this.constructor.appends)
            this.elements = [];
        for (let left = await archive.loadCount(); left > 0; left--)
            this.elements.push(await loadElement());
    }
}

class StringSequence extends Sequence {
    async load(archive) {
        await this.loadEach(archive, () => archive.loadCString());
    }

    store(archive) {
        archive.storeCount(this.elements.length);
        for (const text of this.elements)
            archive.storeCString(text);
    }
}

class ObjectSequence extends Sequence {
    async load(archive) {
        await this.loadEach(archive, () => archive.loadObject());
    }

    async store(archive) {
        archive.storeCount(this.elements.length);
        for (const object of this.elements)
            await archive.storeObject(object);
    }
}

export class CStringArray extends StringSequence {}
export class CObArray extends ObjectSequence {}

export class CStringList extends StringSequence {
    static appends = true;
}

export class CObList extends ObjectSequence {
    static appends = true;
}

/* Of repeated keys the later value counts. */
class Association {
    static schema = 0;

    constructor(entries = new Map()) {
        this.entries = entries;
    }

    async loadEach(archive, loadKey, loadValue) {
        for (let left = await archive.loadCount(); left > 0; left--)
            this.entries.set(await loadKey(), await loadValue());
    }
}

export class CMapStringToString extends Association {
    async load(archive) {
        await this.loadEach(archive, () => archive.loadCString(), () => archive.loadCString());
    }

    store(archive) {
        archive.storeCount(this.entries.size);
        for (const [key, text] of this.entries) {
            archive.storeCString(key);
            archive.storeCString(text);
        }
    }
}

export class CMapStringToOb extends Association {
    async load(archive) {
        await this.loadEach(archive, () => archive.loadCString(), () => archive.loadObject());
    }

    async store(archive) {
        archive.storeCount(this.entries.size);
        for (const [key, object] of this.entries) {
            archive.storeCString(key);
            await archive.storeObject(object);
        }
    }
}

export class CMapWordToOb extends Association {
    async load(archive) {
        await this.loadEach(archive, () => archive.loadWord(), () => archive.loadObject());
    }

    async store(archive) {
        archive.storeCount(this.entries.size);
        for (const [key, object] of this.entries) {
            archive.storeWord(key);
            await archive.storeObject(object);
        }
    }
}

export const collections = [
    CByteArray, CWordArray, CDWordArray, CStringArray, CStringList, CObArray, CObList,
    CMapStringToString, CMapStringToOb, CMapWordToOb,
];
