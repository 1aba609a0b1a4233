package io.varve.disk.volume.md;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes md superblocks from the description of their fields, independently of the reader; `mdadm --examine` agrees.
final class MdMade {
    static final String UUID = "00112233:44556677:8899aabb:ccddeeff";

    String version = "1.2";
    String name = "host:data";
    int level = 5;
    int layout = 2;
    int chunk = 1024;
    int disks = 5;
    long events = 40;
    int features;

    /// Sectors of a member as it states them; 0 for the truth.
    long room;

    boolean bigEndian;

    /// A device that holds `data` as member `role`; role may be 0xffff (spare) or 0xfffe (faulty).
    byte[] member(int role, byte[] data) {
        return version.equals("0.90") ? zero(role, data) : one(role, data);
    }

    private byte[] one(int role, byte[] data) {
        int offset = version.equals("1.0") ? 0 : 1 << 16;
        int size = offset + data.length + (16 << 10);
        byte[] device = new byte[size / 4096 * 4096];
        System.arraycopy(data, 0, device, offset, data.length);
        int place = switch (version) {
            case "1.0" -> (device.length / 512 - 16) / 8 * 8 * 512;
            case "1.1" -> 0;
            default -> 4096;
        };
        ByteBuffer out = ByteBuffer.wrap(device).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(place, 0xa92b4efc).putInt(place + 4, 1).putInt(place + 8, features);
        for (int i = 0; i < 16; i++) {
            out.put(place + 16 + i, (byte) (i * 0x11));
        }
        out.put(place + 32, name.getBytes(StandardCharsets.UTF_8));
        out.putLong(place + 64, 1_600_000_000L).putInt(place + 72, level).putInt(place + 76, layout);
        long sectors = room == 0 ? data.length / 512 : room;
        boolean sized = level != 0 && level != -1;
        out.putLong(place + 80, sized ? sectors : 0)
                .putInt(place + 88, chunk / 512)
                .putInt(place + 92, disks);
        out.putLong(place + 128, offset / 512).putLong(place + 136, sectors).putLong(place + 144, place / 512);
        out.putInt(place + 160, role < disks ? role : disks);
        out.put(place + 168, Arrays.copyOf(new byte[] {(byte) role, 7}, 16));
        out.putLong(place + 192, 1_600_000_001L).putLong(place + 200, events).putLong(place + 208, -1);
        out.putInt(place + 220, disks + 1);
        for (int i = 0; i < disks; i++) {
            out.putShort(place + 256 + 2 * i, (short) i);
        }
        out.putShort(place + 256 + 2 * disks, (short) (role < disks ? 0xffff : role));
        int length = 256 + 2 * (disks + 1);
        long sum = 0;
        for (int i = 0; i + 4 <= length; i += 4) {
            sum += out.getInt(place + i) & 0xffff_ffffL;
        }
        sum += length % 4 == 2 ? out.getShort(place + length - 2) & 0xffff : 0;
        out.putInt(place + 216, (int) ((sum & 0xffff_ffffL) + (sum >>> 32)));
        return device;
    }

    private byte[] zero(int role, byte[] data) {
        int place = (data.length + 65_535) / 65_536 * 65_536;
        byte[] device = new byte[place + 65_536 + 4096];
        System.arraycopy(data, 0, device, 0, data.length);
        ByteBuffer out = ByteBuffer.wrap(device, place, 4096)
                .slice()
                .order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int[] head = {0xa92b4efc, 0, 90, 0, 0, 0x00112233, 1_600_000_000, level, data.length / 1024, disks, disks, 7, 0
        };
        for (int i = 0; i < head.length; i++) {
            out.putInt(4 * i, head[i]);
        }
        out.putInt(4 * 13, 0x44556677).putInt(4 * 14, 0x8899aabb).putInt(4 * 15, 0xccddeeff);
        out.putInt(4 * 32, 1_600_000_001)
                .putInt(4 * 33, 1)
                .putInt(4 * 34, disks)
                .putInt(4 * 35, disks);
        out.putInt(4 * (bigEndian ? 40 : 39), (int) events);
        out.putInt(4 * 64, layout).putInt(4 * 65, chunk);
        for (int i = 0; i < disks; i++) {
            out.putInt(4 * (128 + 32 * i), i).putInt(4 * (131 + 32 * i), i).putInt(4 * (132 + 32 * i), 6);
        }
        out.putInt(4 * 992, role).putInt(4 * 995, role).putInt(4 * 996, 6);
        long sum = 0;
        for (int i = 0; i < 1024; i++) {
            sum += out.getInt(4 * i) & 0xffff_ffffL;
        }
        out.putInt(4 * 38, (int) ((sum & 0xffff_ffffL) + (sum >>> 32)));
        return device;
    }
}
