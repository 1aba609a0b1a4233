package io.varve.engine;

import io.varve.event.EventTime;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/// Flat JSON objects as UTF-8 bytes, one a line, for lists of millions of names: no more than that takes.
///
/// Names of fields must be plain ASCII. Not safe for several threads.
public final class JsonText {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    private static final int ROOM = 64;

    private byte[] bytes;
    private int length;
    private boolean first;
    private long seconds = Long.MIN_VALUE;
    private int nanos;
    private String time = "";

    public JsonText(int capacity) {
        this.bytes = new byte[capacity];
    }

    public int length() {
        return length;
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, length);
        length = 0;
    }

    public byte[] toBytes() {
        byte[] all = Arrays.copyOf(bytes, length);
        length = 0;
        return all;
    }

    void begin() {
        room(ROOM);
        bytes[length++] = '{';
        first = true;
    }

    void end() {
        room(ROOM);
        bytes[length++] = '}';
        bytes[length++] = '\n';
    }

    void text(String name, String value) {
        name(name);
        bytes[length++] = '"';
        escaped(value);
        bytes[length++] = '"';
    }

    void number(String name, long value) {
        name(name);
        if (value < 0) {
            ascii(Long.toString(value));
            return;
        }
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        length += digits;
        long rest = value;
        for (int at = length - 1; digits > 0; digits--) {
            bytes[at--] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    void flag(String name, boolean value) {
        name(name);
        ascii(value ? "true" : "false");
    }

    /// Files that lie together often have the same times.
    void time(String name, EventTime value) {
        if (value.seconds() != seconds || value.nanos() != nanos) {
            seconds = value.seconds();
            nanos = value.nanos();
            time = value.iso();
        }
        name(name);
        bytes[length++] = '"';
        ascii(time);
        bytes[length++] = '"';
    }

    private void name(String name) {
        room(name.length() + ROOM);
        if (!first) {
            bytes[length++] = ',';
        }
        first = false;
        bytes[length++] = '"';
        ascii(name);
        bytes[length++] = '"';
        bytes[length++] = ':';
    }

    @SuppressWarnings("deprecation") // the only copy of a string's bytes without another array
    private void ascii(String text) {
        room(text.length() + ROOM);
        text.getBytes(0, text.length(), bytes, length);
        length += text.length();
    }

    private void escaped(String text) {
        // at most six bytes a character
        room(text.length() * 6 + ROOM);
        int plain = 0;
        while (plain < text.length() && isPlain(text.charAt(plain))) {
            bytes[length + plain] = (byte) text.charAt(plain);
            plain++;
        }
        length += plain;
        for (int i = plain; i < text.length(); i++) {
            char one = text.charAt(i);
            if (isPlain(one)) {
                bytes[length++] = (byte) one;
            } else if (one < 0x80) {
                control(one);
            } else if (Character.isHighSurrogate(one)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                utf8(Character.toCodePoint(one, text.charAt(i)));
            } else if (Character.isSurrogate(one)) {
                unicode(one);
            } else {
                utf8(one);
            }
        }
    }

    private static boolean isPlain(char one) {
        return one >= ' ' && one < 0x80 && one != '"' && one != '\\';
    }

    private void control(char one) {
        int at = "\"\\\b\t\n\f\r".indexOf(one);
        if (at >= 0) {
            bytes[length++] = '\\';
            bytes[length++] = (byte) "\"\\btnfr".charAt(at);
        } else {
            unicode(one);
        }
    }

    private void unicode(char one) {
        bytes[length++] = '\\';
        bytes[length++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            bytes[length++] = HEX[one >> shift & 15];
        }
    }

    private void utf8(int point) {
        if (point < 0x800) {
            bytes[length++] = (byte) (0xc0 | point >> 6);
        } else {
            if (point < 0x1_0000) {
                bytes[length++] = (byte) (0xe0 | point >> 12);
            } else {
                bytes[length++] = (byte) (0xf0 | point >> 18);
                bytes[length++] = (byte) (0x80 | point >> 12 & 0x3f);
            }
            bytes[length++] = (byte) (0x80 | point >> 6 & 0x3f);
        }
        bytes[length++] = (byte) (0x80 | point & 0x3f);
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
