/*
 * A file that is a socket: reads are what has come, writes leave at once.
 *
 * Whoever waits is woken by whatever happens to the socket, and looks again. Bytes that nobody reads stay in the
 * kernel, so a peer that sends without end is slowed down by TCP.
 */
const DRAIN_MS = 1000;      // [SVC-17]

/* The connection is gone, without having been ended [TAB-7.3]. */
export class FileException extends Error {}

export class SocketFile {
    #socket;
    #ended = false;         // FIN came, and all before it was read
    #failure = null;
    #waiting = [];

    /* socket   connected, and made with allowHalfOpen: the peer's FIN ends only what it sends [SVC-15] */
    constructor(socket) {
        this.#socket = socket;
        socket.setNoDelay(true);
        socket.on('readable', () => this.#wake());
        socket.on('drain', () => this.#wake());
        socket.on('end', () => { this.#ended = true; this.#wake(); });
        socket.on('error', e => { this.#failure ??= e; this.#wake(); });
        socket.on('close', () => { this.#failure ??= new Error('the connection is closed'); this.#wake(); });
    }

    async read() {
        for (;;) {
            const chunk = this.#socket.read();
            if (chunk !== null)
                return chunk;
            if (this.#ended)
                return null;
            await this.#change();
        }
    }

    /* Waits only while the peer leaves so much unread that our side fills up. */
    async write(bytes) {
        if (this.#failure)
            throw new FileException(this.#failure.message);
        this.#socket.write(bytes);
        while (this.#socket.writableNeedDrain)
            await this.#change();
    }

    /* Bytes that were written and could not be sent yet. */
    get backlog() {
        return this.#socket.writableLength;
    }

    /*
     * Ends the connection so that its last bytes arrive: a socket that is closed with bytes unread resets the
     * connection, and a reset may destroy what is still under way. So: FIN, then read to the peer's own [SVC-17].
     */
    async close() {
        await new Promise(resolve => this.#socket.end(resolve));
        if (this.#ended)
            return;                 // both directions are: the socket closes by itself
        const late = setTimeout(() => this.#socket.destroy(), DRAIN_MS);
        try {
            while (await this.read() !== null)
                ;
        } catch {
            // reset by the peer, or late: gone anyway
        }
        clearTimeout(late);
        this.#socket.destroy();
    }

    /* Drops the connection as it stands. */
    destroy() {
        this.#socket.destroy();
    }

    #wake() {
        this.#waiting.splice(0).forEach(resolve => resolve());
    }

    async #change() {
        if (this.#failure)
            throw new FileException(this.#failure.message);
        await new Promise(resolve => this.#waiting.push(resolve));
        if (this.#failure)
            throw new FileException(this.#failure.message);
    }
}
