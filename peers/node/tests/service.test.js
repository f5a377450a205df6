/* The conformance service and the samples, over real connections on loopback. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { after, test as testForever } from 'node:test';

import { keepDialling, listen } from '../connections.js';
import { SocketFile } from '../socketfile.js';
import { ansi, bytes, hex, profileOf, unicode } from './support.js';

/* A test that waits in vain must fail, not hang. */
function test(name, body) {
    testForever(name, { timeout: 60000 }, body);
}

const serving = new Map();      // by profile: the servers, for as long as the tests run
const sockets = [];             // of all askers

async function portOf(service, profile) {
    if (!serving.has(profile))
        serving.set(profile, await listen(0, profile, () => {}));
    return serving.get(profile)[service].address().port;
}

after(() => {
    for (const servers of serving.values())
        Object.values(servers).forEach(server => server.close());
    sockets.forEach(socket => socket.destroy());
});

/* The side that asks. Every wait is for bytes or for the end; a RST where none may be fails whoever waits. */
class Asker {
    #socket;
    #heard = [];
    #over = false;
    #error = null;
    #wake = () => {};

    static async of(service, profile = ansi) {
        return new Asker(net.connect({ port: await portOf(service, profile), host: '127.0.0.1', allowHalfOpen: true }));
    }

    constructor(socket) {
        this.#socket = socket;
        sockets.push(socket);
        socket.on('data', chunk => { this.#heard.push(chunk); this.#wake(); });
        socket.on('end', () => { this.#over = true; this.#wake(); });
        socket.on('error', e => { this.#error = e; this.#wake(); });
    }

    /* Fulfilled when the kernel has it. */
    say(wire) {
        return new Promise(resolve => this.#socket.write(typeof wire === 'string' ? bytes(wire) : wire, resolve));
    }

    async hearBytes(size) {
        this.#socket.resume();
        while (this.#heard.reduce((sum, chunk) => sum + chunk.length, 0) < size && !this.#over && !this.#error)
            await new Promise(resolve => { this.#wake = resolve; });
        assert.ifError(this.#error);
        const heard = Buffer.concat(this.#heard);
        this.#heard = [heard.subarray(size)];
        return heard.subarray(0, size);
    }

    async hear(wire, label) {
        assert.equal((await this.hearBytes(bytes(wire).length)).toString('hex'), hex(wire), label);
    }

    /* A status with a reason. */
    async hearReason(status, pattern) {
        const [low, high, length] = await this.hearBytes(3);
        assert.equal(low | high << 8, status);
        assert.match((await this.hearBytes(length)).toString('latin1'), pattern);
    }

    /* The other side's FIN, and nothing before it. Ours follows, unless it went before. */
    async hearEnd(label) {
        assert.equal((await this.hearBytes(1)).toString('hex'), '', label);
        this.halfClose();
    }

    halfClose() {
        this.#socket.end();
    }

    /* Both directions have ended, and neither by a RST. */
    async closed() {
        if (!this.#socket.closed)
            await new Promise(resolve => this.#socket.once('close', resolve));
        assert.ifError(this.#error);
    }

    reset() {
        this.#socket.resetAndDestroy();
    }

    /* Reads nothing until something is to be heard. */
    pause() {
        this.#socket.pause();
    }

    get connected() {
        return new Promise((resolve, reject) => this.#socket.once('connect', resolve).once('error', reject));
    }
}

/* Says all, hears all, and sees the orderly end. */
async function exchange(label, profile, said, heard) {
    const asker = await Asker.of('conformance', profile);
    asker.say(said);
    await asker.hear(heard, label);
    asker.halfClose();
    await asker.hearEnd(label);
}

const NEXT = '04 00 07 00 00 00', EIGHT = '00 00 08 00 00 00';

test('the worked exchange', () => exchange('all of it', ansi,
    `02 00  04 "word"  34 12
     03 00  05 "dword"  01 "7"
     04 00  ff 00 00 00
     02 00  06 "object"  ff ff 01 00 04 00 "CAge" 15 00 00 00
     02 00  06 "object"  02 00
     05 00  02 "hi"
     06 00`,
    `00 00  04 "4660"
     00 00  07 00 00 00
     00 00  00 01 00 00
     00 00  08 "CAge(21)"
     00 00  02 "@1"
     00 00  01 00 00 00  02 "hi"`));

test('a str is taken in both widths, and answered in our own', () => exchange('narrow and wide', unicode,
    '02 00 ff fe ff 04 77 00 6f 00 72 00 64 00 01 00  02 00 04 "word" 01 00',
    '00 00 ff fe ff 01 31 00  00 00 ff fe ff 01 31 00'));

test('what is echoed keeps its identity, and what is made is new', () => exchange('objects', ansi,
    `01 00 06 "object" ff ff 01 00 04 00 "CAge" 15 00 00 00
     01 00 06 "object" 02 00
     03 00 06 "object" 07 "CAge(1)"
     03 00 06 "object" 02 "@2"
     02 00 06 "object" 02 00`,
    `00 00 ff ff 01 00 04 00 "CAge" 15 00 00 00
     00 00 02 00
     00 00 01 80 01 00 00 00
     00 00 03 00
     00 00 02 "@1"`));

test('requests without types, without notes, and floods of nothing', () => exchange('nothing', ansi,
    '01 00 00  02 00 00  03 00 00 00  06 00  07 00 00 00 05 00 00 00  07 00 02 00 03 00 00 00',
    '00 00  00 00 00  00 00  00 00 00 00 00 00 00  00 00 00 00 00 00 03 00 00 01 02  00 00 01 00 00 00 03 00 01 02 03'));

test('capabilities', async () => {
    const asker = await Asker.of('conformance', profileOf('6.0'));
    asker.say('09 00');
    const types = 'byte,char,word,short,int,uint,long,dword,float,double,cstring,count,size,point,rect,time,timespan,' +
        'oledatetime,oledatetimespan,olecurrency,olevariant,bytearray,wordarray,dwordarray,stringarray,stringlist,obarray,oblist,' +
        'mapstringtostring,mapstringtoob,mapwordtoob,object,class,line,net16,net32,raw';
    await asker.hear(`00 00 ff ${Buffer.of(types.length & 0xff, types.length >> 8).toString('hex')} "${types}" 03 "6.0" 04 "ansi" 20 00`, 'caps');
    asker.halfClose();
    await asker.hearEnd();
});

test('information', async () => {
    const asker = await Asker.of('conformance');
    asker.say('0a 00');
    await asker.hear('00 00');
    const [length] = await asker.hearBytes(1);
    const lines = (await asker.hearBytes(length)).toString().split('\n');
    assert.equal(lines[0], 'service=1');
    for (const line of lines)
        assert.match(line, /^[a-z-]+=[^=]+$/);
    asker.halfClose();
    await asker.hearEnd();
});

test('the last number is followed by the first', () => exchange('ffffffff', ansi, '04 00 ff ff ff ff', '00 00 00 00 00 00'));

test('a bad text costs nothing but its request', async () => {
    const asker = await Asker.of('conformance');
    asker.say('03 00 06 "object" 0a "CNode(1,@2"  03 00 06 "object" 07 "CAge(1)"  07 00 01 00 01 00 00 04  03 00 04 "word" 01 "x"');
    await asker.hearReason(3, /no object 2 yet/);
    await asker.hear('00 00 ff ff 01 00 04 00 "CAge" 01 00 00 00');
    await asker.hearReason(3, /67108865/);
    await asker.hearReason(3, /expected a number/);
    asker.say(NEXT);
    await asker.hear(EIGHT);
    asker.halfClose();
    await asker.hearEnd();
});

test('what is unknown is refused as soon as it is named, and the connection ends', async () => {
    for (const [wire, pattern] of [
        ['0b 00', /no op .* 11/], ['00 00', /no op/], ['03 00 04 "what"', /no type .*"what"/], ['02 00 0a "byte,,byte"', /no type .*""/],
        ['01 00 06 "raw:01"', /raw:01/], ['01 00 0b "raw:1048577"', /raw:1048577/], ['02 00 0e "object:CNobody"', /CNobody/],
    ]) {
        const asker = await Asker.of('conformance');
        asker.say(NEXT);
        await asker.hear(EIGHT);
        asker.say(wire);
        await asker.hearReason(1, pattern);
        await asker.hearEnd(wire);
    }
});

/* What is sent, then whether our direction ends there, and the cause that is due */
const exceptions = [
    ['04', true, 3],
    ['04 00 07 00', true, 3],
    ['01 00 04 "wo"', true, 3],
    ['01 00 05 "raw:4" 01 02', true, 3],
    ['02 00 04 "line"', true, 3],
    ['01 00 06 "object" ff ff 01 00 04 00 "CA"', true, 6],
    ['01 00 06 "object" 05 00', false, 5],
    ['01 00 06 "object" ff ff 01 00 40 00', false, 6],
    ['01 00 06 "object" ff ff 02 00 04 00 "CAge"', false, 7],
    ['01 00 0c "object:CNode" ff ff 01 00 04 00 "CAge"', false, 6],
    ['01 00 05 "class" 00 00', false, 5],
];

test('exceptions are told by their causes, and the connection ends', async () => {
    for (const [wire, ends, cause] of exceptions) {
        const asker = await Asker.of('conformance');
        asker.say(`${NEXT} ${wire}`);
        if (ends)
            asker.halfClose();
        await asker.hear(`${EIGHT} 02 00 0${cause} 00`, wire);
        await asker.hearEnd(wire);
    }
});

test('a line that the end cuts is a line', async () => {
    const asker = await Asker.of('conformance');
    asker.say('02 00 04 "line" "ab"');
    asker.halfClose();
    await asker.hear('00 00 0a "u:00610062"');
    await asker.hearEnd();
});

test('behind QUIT nothing is answered, and the end is a FIN', async () => {
    const asker = await Asker.of('conformance');
    asker.say(`${NEXT} 08 00 ${NEXT} ${NEXT}`);
    await asker.hear(`${EIGHT} 00 00`);
    assert.equal((await asker.hearBytes(1)).length, 0);
    await asker.say(NEXT);                      // taken, too; what was answered by a RST
    await asker.say(NEXT);                      // would show here
    asker.halfClose();
    await asker.closed();
});

test('bytes that come one by one', async () => {
    const asker = await Asker.of('conformance');
    for (const byte of bytes('02 00 06 "object" ff ff 01 00 04 00 "CAge" 15 00 00 00'))
        asker.say(Buffer.of(byte));
    await asker.hear('00 00 08 "CAge(21)"');
    asker.halfClose();
    await asker.hearEnd();
});

test('what is owed is sent behind a half-close, however much it is', async () => {
    const asker = await Asker.of('conformance');
    asker.pause();
    asker.say('07 00 02 00 00 00 40 00');       // 2 times 4 MiB
    asker.halfClose();
    for (let i = 0; i < 2; i++) {
        await asker.hear(`00 00 0${i} 00 00 00 ff ff 00 00 40 00`);
        const flood = await asker.hearBytes(4 << 20);
        assert.ok(flood.every((byte, k) => byte === (i + k & 0xff)));
    }
    await asker.hearEnd();
});

test('who resets, or does not read, harms no other', async () => {
    const stuck = await Asker.of('conformance');
    await stuck.connected;
    stuck.pause();
    stuck.say('07 00 01 00 00 00 00 04');       // 64 MiB
    const gone = await Asker.of('conformance');
    await gone.connected;
    gone.say('07 00 01 00 00 00 00 04');
    gone.reset();
    await exchange('another', ansi, NEXT, EIGHT);
    stuck.reset();
    await exchange('another', ansi, NEXT, EIGHT);
});

test('a write waits while the other side does not read', async () => {
    const server = net.createServer({ allowHalfOpen: true });
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
    const reader = new Asker(net.connect({ port: server.address().port, host: '127.0.0.1', allowHalfOpen: true }));
    const [socket] = await once(server, 'connection');
    server.close();
    reader.pause();
    const file = new SocketFile(socket);
    const size = 32 << 20;                      // more than kernels take
    let written = false;
    const writing = file.write(Buffer.alloc(size)).then(() => { written = true; });
    await setImmediate();
    assert.ok(!written && file.backlog > 0);
    assert.equal((await reader.hearBytes(size)).length, size);
    await writing;
    assert.equal(file.backlog, 0);
    reader.halfClose();
    await file.close();
    await reader.closed();
});

test('beyond the limits', async () => {
    const asker = await Asker.of('conformance');
    const depth = 10001;
    const text = Buffer.from('CNode(1,'.repeat(depth) + 'null' + ')'.repeat(depth));
    const head = Buffer.alloc(7, 0xff);
    head.writeUInt32LE(text.length, 3);
    asker.say(Buffer.concat([bytes('03 00 06 "object"'), head, text, bytes(NEXT)]));
    await asker.hearReason(3, /nested/);
    await asker.hear(EIGHT);
    asker.say(Buffer.concat([bytes('01 00 07 "cstring" ff ff ff ff ff ff 7f'), Buffer.alloc(9 << 20)]));
    await asker.hear('02 00 00 00');
    await asker.hearEnd();
});

test('a reply that goes beyond a limit leaves nothing behind', async () => {
    const asker = await Asker.of('conformance');
    const chain = (tag, next) => `02 00 06 "object" ${tag} ${'01 00 00 00 01 80 '.repeat(5999)} 01 00 00 00 ${next}`;
    asker.say(chain('ff ff 03 00 05 00 "CNode"', '00 00'));                                     // indexes 2 to 6001
    asker.say(chain('01 80', '02 00'));                                                         // 6002 to 12001, and on to 2
    asker.say('01 00 06 "object" 72 17  03 00 06 "object" 07 "CAge(1)"');
    for (let i = 0; i < 2; i++) {
        await asker.hear('00 00 ff');
        const [low, high] = await asker.hearBytes(2);
        await asker.hearBytes(low | high << 8);
    }
    await asker.hearReason(3, /nested/);
    await asker.hear('00 00 ff ff 01 00 04 00 "CAge" 01 00 00 00');
    asker.halfClose();
    await asker.hearEnd();
});

test('packets are acknowledged [E130, E131]', async () => {
    const asker = await Asker.of('packet');
    asker.say('5a 03 00 5a 5a 5a 32 "Sender sent packet 1 of 2 (Value = 90, Copies = 3)"');
    asker.say('07 00 00 31 "Sender sent packet 2 of 2 (Value = 7, Copies = 0)"');
    await asker.hear('39 "Recipient received packet 1 of 2 (Value = 90, Copies = 3)"');
    await asker.hear('39 "Recipient received packet 2 of 2 (Value = 90, Copies = 0)"');
    asker.say('00 00 00 02 "no"');
    await asker.hearEnd();
});

test('chat: what one says the others hear, and a farewell is answered [E127 to E129]', async () => {
    const [one, two, three] = [await Asker.of('chat'), await Asker.of('chat'), await Asker.of('chat')];
    await Promise.all([one.connected, two.connected, three.connected]);
    three.say('00 00 02 "Hi" 02 00 04 "a: 1" 04 "b: 2"');
    for (const other of [one, two])
        await other.hear('00 00 02 "Hi" 02 00 04 "a: 1" 04 "b: 2"');
    one.say('05 00 03 "bye" 00 00');
    await one.hear('05 00 00 00 00');
    await one.hearEnd();
    for (const other of [two, three])
        await other.hear('05 00 03 "bye" 00 00');
    two.halfClose();
    await two.hearEnd();
    three.halfClose();
    await three.hearEnd();
});

test('login', async () => {
    const guest = await Asker.of('login');
    guest.say(`05 "guest" 05 "guest" ${NEXT}`);
    await guest.hear(`01 00 ${EIGHT}`);
    guest.halfClose();
    await guest.hearEnd();
    const other = await Asker.of('login');
    other.say(`05 "guest" 05 "Guest" ${NEXT}`);
    await other.hear('00 00');
    await other.hearEnd();
});

test('network order [E150]', async () => {
    const asker = await Asker.of('netorder');
    asker.say('4d 46 43 31 00 07 ff fe 00 01 86 a0  4d 46 43 31 ff ff 80 00 00 00 00 00');
    await asker.hear('4d 46 43 31 00 08 00 02 00 01 86 a0  4d 46 43 31 00 00 80 00 00 00 00 00');
    asker.say('31 43 46 4d 07 00 fe ff a0 86 01 00');
    await asker.hearEnd();
});

test('malformed samples end without a further byte', async () => {
    for (const [service, wire] of [['packet', '5a 03 00 5a'], ['chat', '00 00 02 "H"'], ['login', '05 "gu'], ['netorder', '4d 46 43']]) {
        const asker = await Asker.of(service);
        asker.say(wire);
        asker.halfClose();
        await asker.hearEnd(service);
    }
});

/* A server that hands out the connections that are dialled to it. */
async function listener() {
    const waiting = [];
    let wake = () => {};
    const server = net.createServer({ allowHalfOpen: true }, socket => { waiting.push(socket); wake(); });
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
    return {
        port: server.address().port,
        close: () => new Promise(resolve => server.close(resolve)),
        async accept() {
            while (waiting.length === 0)
                await new Promise(resolve => { wake = resolve; });
            return new Asker(waiting.shift());
        },
    };
}

test('dialled connections are served, dialled again, and given up', async () => {
    const server = await listener();
    const said = [];
    const over = keepDialling({ host: '127.0.0.1', port: server.port }, 2, ansi, { say: line => said.push(line), giveUpMs: 0 });
    const [one, two] = [await server.accept(), await server.accept()];
    for (const asker of [two, one]) {
        asker.say(NEXT);
        await asker.hear(EIGHT);
    }
    one.halfClose();
    await one.hearEnd();
    const again = await server.accept();
    again.say(NEXT);
    await again.hear(EIGHT);

    const closed = server.close();
    for (const asker of [two, again]) {
        asker.say('08 00');
        await asker.hear('00 00');
        await asker.hearEnd();
    }
    await closed;
    await over;
    assert.deepEqual(said, ['ready', 'refused, retrying']);
});
