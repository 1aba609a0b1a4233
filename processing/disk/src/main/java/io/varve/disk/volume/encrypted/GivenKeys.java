package io.varve.disk.volume.encrypted;

import io.varve.disk.LayerException;
import io.varve.disk.volume.Keys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// The keys a person gave, as bytes. What they are never reaches a message.
record GivenKeys(String layer, Keys keys) {
    /// What opens a LUKS key slot: passwords as UTF-8, then key files as they are.
    List<byte[]> passphrases() throws LayerException {
        var all = new ArrayList<byte[]>();
        for (String password : list("password")) {
            all.add(password.getBytes(StandardCharsets.UTF_8));
        }
        all.addAll(files("keyfile"));
        return all;
    }

    /// The bytes of files of these kinds.
    List<byte[]> files(String... kinds) throws LayerException {
        var all = new ArrayList<byte[]>();
        for (String kind : kinds) {
            for (String value : list(kind)) {
                try {
                    all.add(Base64.getDecoder().decode(value.replaceAll("\\s", "")));
                } catch (IllegalArgumentException e) {
                    throw malformed(kind, "base64", "write it as base64 -w0 FILE prints it");
                }
            }
        }
        return all;
    }

    List<byte[]> masters() throws LayerException {
        var all = new ArrayList<byte[]>();
        for (String value : list("master")) {
            try {
                all.add(HexFormat.of().parseHex(value.replaceAll("[\\s:]", "")));
            } catch (IllegalArgumentException e) {
                throw malformed("master", "hexadecimal", "write it in digits 0-9 and a-f");
            }
        }
        return all;
    }

    List<String> list(String kind) {
        return keys.of(kind).toList();
    }

    /// How many keys were given of kinds that this layer takes.
    long count(String... kinds) {
        return Stream.of(kinds).mapToLong(kind -> keys.of(kind).count()).sum();
    }

    /// What to throw when no key opened the volume.
    ///
    /// @param wanted what would open it
    LayerException none(String wanted, String... kinds) {
        long count = count(kinds);
        String problem = count == 0
                ? "no key was given"
                : count == 1 ? "the key given does not open it" : "none of the %d keys given opens it".formatted(count);
        return new LayerException(layer, OptionalLong.of(0), problem, wanted);
    }

    private LayerException malformed(String kind, String form, String remedy) {
        return new LayerException(
                layer, OptionalLong.empty(), "a key of kind %s is not %s".formatted(kind, form), remedy);
    }
}
