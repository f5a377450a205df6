import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/**
 * A small peer: of the conformance service it has NEXT, NOTE, NOTES, QUIT, CAPS, INFO, and ECHO of a few types. Its argument is a
 * port.
 *
 * What it is there for is its runtime, whose own threads wait with time limits, so that nobody can prove that it will say nothing.
 */
final class Peer {
    private static final int ECHO = 1, NEXT = 4, NOTE = 5, NOTES = 6, QUIT = 8, CAPS = 9, INFO = 10;
    private static final int OK = 0, REFUSED = 1, EXCEPTION = 2;
    private static final int CAUSE_END = 3; // the stream ended inside a request
    private static final List<String> TYPES = List.of("byte", "word", "dword", "long", "cstring", "cstringa", "bytearray");
    private static final Charset NARROW = Charset.forName("windows-1252");

    private interface Store {
        void run() throws IOException;
    }

    private static final class Refused extends Exception {
        Refused(String why) {
            super(why);
        }
    }

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private int notes;
    private String last = "";

    private Peer(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream());
        out = new BufferedOutputStream(socket.getOutputStream());
    }

    /** Grows with what comes, not with what is claimed. */
    private byte[] take(long n) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[(int) Math.min(n, 65536)];
        while (n > 0) {
            int got = in.read(piece, 0, (int) Math.min(n, piece.length));
            if (got < 0)
                throw new EOFException();
            all.write(piece, 0, got);
            n -= got;
        }
        return all.toByteArray();
    }

    private long number(int size) throws IOException {
        byte[] bytes = take(size);
        long n = 0;
        for (int i = 0; i < size; i++)
            n |= (bytes[i] & 0xffL) << 8 * i;
        return n;
    }

    private void put(int size, long n) throws IOException {
        for (int i = 0; i < size; i++)
            out.write((int) (n >> 8 * i) & 0xff);
    }

    /** A length that nobody sends ends the stream, once all is read. */
    private long credible(long n) throws IOException {
        if (n < 0 || n > 1L << 40) {
            in.transferTo(OutputStream.nullOutputStream());
            throw new EOFException();
        }
        return n;
    }

    /** A string of either width. */
    private String text() throws IOException {
        boolean wide = false;
        long n;
        for (;;) {
            n = number(1);
            if (n < 0xff)
                break;
            n = number(2);
            if (n == 0xfffe && !wide) {
                wide = true;
                continue;
            }
            if (n == 0xffff) {
                n = number(4);
                n = n == 0xffffffffL ? number(8) : n;
            }
            break;
        }
        byte[] bytes = take(credible(n) * (wide ? 2 : 1));
        StringBuilder units = new StringBuilder();
        for (int i = 0; i < bytes.length; i += wide ? 2 : 1)
            units.append(wide ? (char) (bytes[i] & 0xff | (bytes[i + 1] & 0xff) << 8) : widen(bytes[i]));
        return units.toString();
    }

    /** Bytes that the code page leaves open stand for their own numbers. */
    private static char widen(byte b) {
        char c = new String(new byte[] {b}, NARROW).charAt(0);
        return c == '\ufffd' ? (char) (b & 0xff) : c;
    }

    private static int narrow(char c) {
        for (int b = 0; b < 256; b++)
            if (widen((byte) b) == c)
                return b;
        return '?';
    }

    private void putLength(int n) throws IOException {
        if (n < 0xff) {
            put(1, n);
        } else if (n < 0xfffe) {
            put(1, 0xff);
            put(2, n);
        } else {
            put(1, 0xff);
            put(2, 0xffff);
            put(4, n);
        }
    }

    private void putText(String text) throws IOException {
        put(1, 0xff);
        put(2, 0xfffe);
        putLength(text.length());
        for (int i = 0; i < text.length(); i++)
            put(2, text.charAt(i));
    }

    private void putNarrow(String text) throws IOException {
        putLength(text.length());
        for (int i = 0; i < text.length(); i++)
            out.write(narrow(text.charAt(i)));
    }

    private void putBytes(byte[] bytes) throws IOException {
        if (bytes.length < 0xffff) {
            put(2, bytes.length);
        } else {
            put(2, 0xffff);
            put(4, bytes.length);
        }
        out.write(bytes);
    }

    /** Loads a value and gives what stores it again. */
    private Store value(String name) throws IOException {
        switch (name) {
        case "cstring": {
            String text = text();
            return () -> putText(text);
        }
        case "cstringa": {
            String text = text();
            return () -> putNarrow(text);
        }
        case "bytearray": {
            long n = number(2);
            if (n == 0xffff) {
                n = number(4);
                n = n == 0xffffffffL ? number(8) : n;
            }
            byte[] bytes = take(credible(n));
            return () -> putBytes(bytes);
        }
        default:
            int size = name.equals("byte") ? 1 : name.equals("word") ? 2 : 4;
            long n = number(size);
            return () -> put(size, n);
        }
    }

    private void echo() throws IOException, Refused {
        String names = text();
        String[] each = names.isEmpty() ? new String[0] : names.split(",", -1);
        List<Store> stores = new ArrayList<>();
        for (String name : each)
            if (!TYPES.contains(name))
                throw new Refused("there is no type " + name);
        for (String name : each)
            stores.add(value(name));
        put(2, OK);
        for (Store store : stores)
            store.run();
    }

    /** Answers one request; false: the connection ends behind it. */
    private boolean answer() throws IOException, Refused {
        int op = (int) number(2);
        switch (op) {
        case ECHO:
            echo();
            return true;
        case NEXT:
            long n = number(4);
            put(2, OK);
            put(4, n + 1);
            return true;
        case NOTE:
            last = text();
            notes++;
            return true;
        case NOTES:
            put(2, OK);
            put(4, notes);
            putText(last);
            return true;
        case QUIT:
            put(2, OK);
            return false;
        case CAPS:
            put(2, OK);
            putText(String.join(",", TYPES));
            putText("none");
            putText("unicode");
            put(2, 64);
            return true;
        case INFO:
            put(2, OK);
            putText("service=1\nimpl=arcwire-java 1\nops=1,4,5,6,8,9,10");
            return true;
        default:
            throw new Refused("there is no op " + op);
        }
    }

    private boolean atEnd() throws IOException {
        in.mark(1);
        int next = in.read();
        in.reset();
        return next < 0;
    }

    /** All requests, up to the end of the stream where one would begin, or one that cannot be gone on from. */
    private void serve() throws IOException {
        try {
            while (!atEnd() && answer())
                out.flush();
        } catch (Refused why) {
            put(2, REFUSED);
            putText(why.getMessage());
        } catch (EOFException end) {
            put(2, EXCEPTION);
            put(2, CAUSE_END);
        }
        out.flush();
    }

    private void converse() {
        try (socket) {
            serve();
            socket.shutdownOutput();
            socket.setSoTimeout(1000);
            in.transferTo(OutputStream.nullOutputStream()); // so that closing resets nothing
        } catch (IOException gone) {
            // It was reset: the others go on.
        }
    }

    public static void main(String[] arguments) throws IOException {
        try (ServerSocket listener = new ServerSocket(Integer.parseInt(arguments[0]), 64, InetAddress.getLoopbackAddress())) {
            for (;;) {
                Peer peer = new Peer(listener.accept());
                new Thread(peer::converse).start();
            }
        }
    }
}
