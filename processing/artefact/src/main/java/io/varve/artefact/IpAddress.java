package io.varve.artefact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// IP addresses as text and as bytes. A name is never looked up: what evidence names must not be asked for.
///
/// IPv6 is written in full without leading zeros (`2001:db8:0:0:0:0:0:1`), an IPv4 address mapped into it as IPv4.
public final class IpAddress {
    private static final int GROUPS = 8;
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private IpAddress() {}

    /// @param address 4 or 16 bytes in network order
    public static String text(byte[] address) {
        if (address.length == 4) {
            return "%d.%d.%d.%d".formatted(address[0] & 0xff, address[1] & 0xff, address[2] & 0xff, address[3] & 0xff);
        }
        if (Arrays.equals(address, 0, MAPPED.length, MAPPED, 0, MAPPED.length)) {
            return text(Arrays.copyOfRange(address, MAPPED.length, address.length));
        }
        var groups = new ArrayList<String>();
        for (int i = 0; i < address.length; i += 2) {
            groups.add(Integer.toHexString((address[i] & 0xff) << 8 | address[i + 1] & 0xff));
        }
        return String.join(":", groups);
    }

    /// The bytes of an address in its usual forms; empty when the text is none.
    public static Optional<byte[]> parse(String text) {
        return text.contains(":") ? six(text) : four(text);
    }

    private static Optional<byte[]> four(String text) {
        if (!text.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
            return Optional.empty();
        }
        String[] parts = text.split("\\.", -1);
        var address = new byte[4];
        for (int i = 0; i < address.length; i++) {
            int part = Integer.parseInt(parts[i]);
            if (part > 0xff) {
                return Optional.empty();
            }
            address[i] = (byte) part;
        }
        return Optional.of(address);
    }

    private static Optional<byte[]> six(String text) {
        String[] halves = text.split("::", -1);
        if (halves.length > 2 || text.length() > 45) {
            return Optional.empty();
        }
        Optional<List<Integer>> front = groups(halves[0]);
        Optional<List<Integer>> back = groups(halves.length == 2 ? halves[1] : "");
        if (front.isEmpty() || back.isEmpty()) {
            return Optional.empty();
        }
        int given = front.get().size() + back.get().size();
        if (halves.length == 2 ? given >= GROUPS : given != GROUPS) {
            return Optional.empty();
        }
        var address = new byte[2 * GROUPS];
        put(front.get(), address, 0);
        put(back.get(), address, GROUPS - back.get().size());
        return Optional.of(address);
    }

    private static void put(List<Integer> groups, byte[] address, int first) {
        for (int i = 0; i < groups.size(); i++) {
            address[2 * (first + i)] = (byte) (groups.get(i) >> 8);
            address[2 * (first + i) + 1] = (byte) (int) groups.get(i);
        }
    }

    /// Groups between colons; the last may be an IPv4 address, which is two.
    private static Optional<List<Integer>> groups(String text) {
        var groups = new ArrayList<Integer>();
        if (text.isEmpty()) {
            return Optional.of(groups);
        }
        for (String group : text.split(":", -1)) {
            if (group.matches("[0-9a-fA-F]{1,4}")) {
                groups.add(Integer.parseInt(group, 16));
                continue;
            }
            Optional<byte[]> embedded = four(group);
            if (embedded.isEmpty() || !text.endsWith(group)) {
                return Optional.empty();
            }
            byte[] bytes = embedded.get();
            groups.add((bytes[0] & 0xff) << 8 | bytes[1] & 0xff);
            groups.add((bytes[2] & 0xff) << 8 | bytes[3] & 0xff);
        }
        return Optional.of(groups);
    }
}
