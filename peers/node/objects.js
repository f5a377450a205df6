/*
 * The serial classes of the conformance service: what a program's own classes look like.
 *
 * A class has the name that goes over the wire, a schema number, and a load and a store that must name the same
 * fields in the same order. Fields start as what MFC's constructors give them: a body may point to its own object
 * before that is complete.
 */
import { collections } from './collections.js';

export class CAge {
    static schema = 1;
    age = 0;

    async load(archive) {
        this.age = await archive.loadLong();
    }

    store(archive) {
        archive.storeLong(this.age);
    }
}

export class CNode {
    static schema = 3;
    value = 0;
    next = null;

    async load(archive) {
        this.value = await archive.loadLong();
        this.next = await archive.loadObject();
    }

    async store(archive) {
        archive.storeLong(this.value);
        await archive.storeObject(this.next);
    }
}

export class CNetMessage {
    static schema = 1;
    from = '';
    text = '';
    time = 0;

    async load(archive) {
        this.from = await archive.loadCString();
        this.text = await archive.loadCString();
        this.time = await archive.loadLong();
    }

    store(archive) {
        archive.storeCString(this.from);
        archive.storeCString(this.text);
        archive.storeLong(this.time);
    }
}

export class CTestPoint {
    static schema = 7;
    x = 0;
    y = 0;
    data = null;

    async load(archive) {
        this.x = await archive.loadLong();
        this.y = await archive.loadLong();
        this.data = await archive.loadObject();
    }

    async store(archive) {
        archive.storeLong(this.x);
        archive.storeLong(this.y);
        await archive.storeObject(this.data);
    }
}

/* A versionable class is told which schema the stream has, and always stores its own. */
export class CVersioned {
    static schema = 3;
    static versionable = true;
    loadedSchema = CVersioned.schema;
    value = 0;

    async load(archive, schema) {
        this.loadedSchema = schema;
        this.value = await archive.loadLong();
    }

    store(archive) {
        archive.storeLong(this.value);
    }
}

/* Letters got their stamp with schema 700: older ones have none. */
export class CLetter {
    static schema = 700;
    static versionable = true;
    loadedSchema = CLetter.schema;
    text = '';
    stamp = 0;

    async load(archive, schema) {
        this.loadedSchema = schema;
        this.text = await archive.loadCString();
        this.stamp = schema >= 700 ? await archive.loadLong() : 0;
    }

    store(archive) {
        archive.storeCString(this.text);
        archive.storeLong(this.stamp);
    }
}

/* All that a stream of the service may name. */
export const classes = [CAge, CNode, CNetMessage, CTestPoint, CVersioned, CLetter, ...collections];
