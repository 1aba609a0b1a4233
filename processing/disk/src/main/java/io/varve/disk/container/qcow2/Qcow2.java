package io.varve.disk.container.qcow2;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import io.varve.disk.container.Chain;
import io.varve.disk.container.Container;
import io.varve.disk.container.ContainerFormat;
import io.varve.disk.container.HeldFiles;
import io.varve.disk.container.Image;
import io.varve.disk.container.MappedBytes;
import io.varve.disk.container.Neighbours;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// QCOW2: disks of QEMU, KVM, libvirt and OpenStack.
///
/// Versions 2 and 3 with compressed clusters (deflate, zstd), backing files of any format, subclusters (extended L2
/// entries), an external data file; internal snapshots are the states of the container. What a snapshot keeps of the
/// machine's memory is noted, not read. Encrypted images are refused: QEMU derives each sector's key from where the
/// sector lies in the file, so the volume inside cannot be handed on.
///
/// Source: "The qcow2 image format", <https://www.qemu.org/docs/master/interop/qcow2.html>.
@AutoService(ContainerFormat.class)
public final class Qcow2 implements ContainerFormat {
    static final String LAYER = "QCOW2";

    /// Both names of files inside JSON, as QEMU writes it for block devices it cannot name otherwise.
    private static final Pattern JSON_NAME = Pattern.compile("\"(?:file\\.)?filename\"\\s*+:\\s*+\"([^\"\\\\]*+)\"");

    @Override
    public String name() {
        return LAYER;
    }

    @Override
    public boolean claims(String fileName, Bytes file) throws IOException {
        byte[] magic = new byte[4];
        if (file.size() < Header.SIZE_V2) {
            return false;
        }
        file.read(0, magic, 0, magic.length);
        return magic[0] == 'Q' && magic[1] == 'F' && magic[2] == 'I' && (magic[3] & 0xff) == 0xfb;
    }

    @Override
    public Container open(String fileName, Bytes file, Neighbours neighbours) throws IOException {
        Header header = Header.of(file);
        refuseEncrypted(header);
        Chain chain = Chain.of(fileName, neighbours);
        try (HeldFiles held = new HeldFiles()) {
            Bytes data = file;
            if (header.hasDataFile()) {
                List<String> name = header.dataFile().stream().toList();
                data = held.hold(chain.file(LAYER, "external data file", name).file());
            }
            Bytes below = MappedBytes.NOTHING;
            if (header.backing().isPresent()) {
                below = held.hold(backing(header, header.backing().get(), chain));
            }
            Clusters clusters = new Clusters(header, file, data);
            List<String> notes = new ArrayList<>(header.notes());
            List<Container.State> states = new ArrayList<>();
            try {
                Snapshots.read(header, file, clusters, below, states, notes);
            } catch (CorruptException e) {
                notes.add("the table of snapshots is damaged: " + e.getMessage());
            }
            MappedBytes disk = new MappedBytes(header.size(), clusters.layout(header.l1()), below);
            return new Image(
                    "QCOW2 v" + header.version(), "", disk, List.copyOf(notes), List.copyOf(states), held.take(file));
        }
    }

    private static Bytes backing(Header header, String written, Chain chain) throws IOException {
        String path = written.startsWith("file:") ? written.substring(5) : written;
        Matcher json = JSON_NAME.matcher(written);
        if (written.startsWith("json:") && json.find()) {
            path = json.group(1);
        }
        String role = "backing file";
        if (!header.backingFormat().equals("raw")) {
            return chain.disk(LAYER, role, List.of(path));
        }
        Chain.Found found = chain.file(LAYER, role, List.of(path));
        return found.file();
    }

    private static void refuseEncrypted(Header header) throws LayerException {
        String method = switch (header.encryption()) {
            case 0 -> "";
            case 1 -> "AES";
            case 2 -> "LUKS";
            default -> "an unknown method";
        };
        if (!method.isEmpty()) {
            throw new LayerException(
                    LAYER,
                    OptionalLong.of(Header.ENCRYPTION),
                    "the image is encrypted with " + method,
                    "decrypt it with qemu-img convert and its key");
        }
    }
}
