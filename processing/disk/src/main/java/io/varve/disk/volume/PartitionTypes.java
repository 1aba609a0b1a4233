package io.varve.disk.volume;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What the types of DOS and GPT partitions are called.
///
/// Sources: the lists of util-linux (`include/pt-mbr-partnames.h`, `include/pt-gpt-partnames.h`), UEFI Specification
/// 2.10 table 5-7, The Discoverable Partitions Specification (https://uapi-group.org/specifications/specs/), Microsoft
/// `PARTITION_INFORMATION_GPT`.
final class PartitionTypes {
    private static final Map<Integer, String> MBR = mbr();
    private static final Map<String, String> GPT = gpt();

    private PartitionTypes() {}

    /// E.g. `0x83 Linux`.
    static String mbr(int type) {
        return "0x%02x %s".formatted(type, MBR.getOrDefault(type, "unknown"));
    }

    /// The name of a type, by its GUID in lower case.
    static Optional<String> gpt(String guid) {
        return Optional.ofNullable(GPT.get(guid.toLowerCase(Locale.ROOT)));
    }

    private static Map<Integer, String> mbr() {
        return Map.ofEntries(
                Map.entry(0x00, "Empty"),
                Map.entry(0x01, "FAT12"),
                Map.entry(0x02, "XENIX root"),
                Map.entry(0x03, "XENIX usr"),
                Map.entry(0x04, "FAT16 below 32M"),
                Map.entry(0x05, "Extended"),
                Map.entry(0x06, "FAT16"),
                Map.entry(0x07, "NTFS / exFAT / HPFS"),
                Map.entry(0x08, "AIX"),
                Map.entry(0x09, "AIX bootable"),
                Map.entry(0x0a, "OS/2 boot manager"),
                Map.entry(0x0b, "FAT32"),
                Map.entry(0x0c, "FAT32 LBA"),
                Map.entry(0x0e, "FAT16 LBA"),
                Map.entry(0x0f, "Extended LBA"),
                Map.entry(0x11, "Hidden FAT12"),
                Map.entry(0x12, "Vendor diagnostics"),
                Map.entry(0x14, "Hidden FAT16 below 32M"),
                Map.entry(0x16, "Hidden FAT16"),
                Map.entry(0x17, "Hidden NTFS / HPFS"),
                Map.entry(0x1b, "Hidden FAT32"),
                Map.entry(0x1c, "Hidden FAT32 LBA"),
                Map.entry(0x1e, "Hidden FAT16 LBA"),
                Map.entry(0x27, "Windows recovery"),
                Map.entry(0x39, "Plan 9"),
                Map.entry(0x3c, "PartitionMagic recovery"),
                Map.entry(0x42, "Windows dynamic disk"),
                Map.entry(0x63, "GNU Hurd / System V"),
                Map.entry(0x64, "NetWare 286"),
                Map.entry(0x65, "NetWare 386"),
                Map.entry(0x80, "Old Minix"),
                Map.entry(0x81, "Minix / old Linux"),
                Map.entry(0x82, "Linux swap / Solaris"),
                Map.entry(0x83, "Linux"),
                Map.entry(0x84, "Hibernation"),
                Map.entry(0x85, "Linux extended"),
                Map.entry(0x86, "NTFS volume set"),
                Map.entry(0x87, "NTFS volume set"),
                Map.entry(0x88, "Linux plaintext"),
                Map.entry(0x8e, "Linux LVM"),
                Map.entry(0x9f, "BSD/OS"),
                Map.entry(0xa0, "Laptop hibernation"),
                Map.entry(0xa5, "FreeBSD"),
                Map.entry(0xa6, "OpenBSD"),
                Map.entry(0xa8, "Darwin UFS"),
                Map.entry(0xa9, "NetBSD"),
                Map.entry(0xab, "Darwin boot"),
                Map.entry(0xaf, "HFS / HFS+"),
                Map.entry(0xb7, "BSDI"),
                Map.entry(0xb8, "BSDI swap"),
                Map.entry(0xbe, "Solaris boot"),
                Map.entry(0xbf, "Solaris"),
                Map.entry(0xda, "Data without file system"),
                Map.entry(0xde, "Dell utility"),
                Map.entry(0xea, "Linux extended boot"),
                Map.entry(0xeb, "BeOS"),
                Map.entry(0xee, "GPT protective"),
                Map.entry(0xef, "EFI system"),
                Map.entry(0xfb, "VMware VMFS"),
                Map.entry(0xfc, "VMware VMKCORE"),
                Map.entry(0xfd, "Linux RAID"),
                Map.entry(0xfe, "LANstep"),
                Map.entry(0xff, "XENIX bad blocks"));
    }

    private static Map<String, String> gpt() {
        String[] all = {
            "c12a7328-f81f-11d2-ba4b-00a0c93ec93b EFI system",
            "024dee41-33e7-11d3-9d69-0008c781f39f MBR partition scheme",
            "21686148-6449-6e6f-744e-656564454649 BIOS boot",
            "e3c9e316-0b5c-4db8-817d-f92df00215ae Microsoft reserved",
            "ebd0a0a2-b9e5-4433-87c0-68b6b72699c7 Microsoft basic data",
            "5808c8aa-7e8f-42e0-85d2-e1e90434cfb3 Microsoft LDM metadata",
            "af9b60a0-1431-4f62-bc68-3311714a69ad Microsoft LDM data",
            "de94bba4-06d1-4d40-a16a-bfd50179d6ac Windows recovery environment",
            "e75caf8f-f680-4cee-afa3-b001e56efc2d Microsoft Storage Spaces",
            "558d43c5-a1ac-43c0-aac8-d1472b2923d1 Microsoft Storage Replica",
            "0fc63daf-8483-4772-8e79-3d69d8477de4 Linux filesystem data",
            "a19d880f-05fc-4d3b-a006-743f0f84911e Linux RAID",
            "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f Linux swap",
            "e6d6d379-f507-44c2-a23c-238f2a3df928 Linux LVM",
            "933ac7e1-2eb4-4f13-b844-0e14e2aef915 Linux home",
            "3b8f8425-20e0-4f3b-907f-1a25a76f98e8 Linux server data",
            "4d21b016-b534-45c2-a9fb-5c16e091fd2d Linux variable data",
            "7ec6f557-3bc5-4aca-b293-16ef5df639d1 Linux temporary data",
            "bc13c2ff-59e6-4262-a352-b275fd6f7172 Linux extended boot",
            "44479540-f297-41b2-9af7-d131d5f0458a Linux root (x86)",
            "4f68bce3-e8cd-4db1-96e7-fbcaf984b709 Linux root (x86-64)",
            "69dad710-2ce4-4e3c-b16c-21a1d49abed3 Linux root (ARM)",
            "b921b045-1df0-41c3-af44-4c6f280d3fae Linux root (ARM64)",
            "72ec70a6-cf74-40e6-bd49-4bda08e8f224 Linux root (RISC-V 64)",
            "8484680c-9521-48c6-9c11-b0720656f69e Linux usr (x86-64)",
            "b0e01050-ee5f-4390-949a-9101b17104e9 Linux usr (ARM64)",
            "2c7357ed-ebd2-46d9-aec1-23d437ec2bf5 Linux root verity (x86-64)",
            "ca7d7ccb-63ed-4c53-861c-1742536059cc Linux LUKS",
            "7ffec5c9-2d00-49b7-8941-3ea10a5586b7 Linux dm-crypt",
            "8da63339-0007-60c0-c436-083ac8230908 Linux reserved",
            "83bd6b9d-7f41-11dc-be0b-001560b84f0f FreeBSD boot",
            "516e7cb4-6ecf-11d6-8ff8-00022d09712b FreeBSD data",
            "516e7cb5-6ecf-11d6-8ff8-00022d09712b FreeBSD swap",
            "516e7cb6-6ecf-11d6-8ff8-00022d09712b FreeBSD UFS",
            "516e7cb8-6ecf-11d6-8ff8-00022d09712b FreeBSD Vinum",
            "516e7cba-6ecf-11d6-8ff8-00022d09712b FreeBSD ZFS",
            "824cc7a0-36a8-11e3-890a-952519ad3f61 OpenBSD data",
            "49f48d32-b10e-11dc-b99b-0019d1879648 NetBSD swap",
            "49f48d5a-b10e-11dc-b99b-0019d1879648 NetBSD FFS",
            "49f48d82-b10e-11dc-b99b-0019d1879648 NetBSD LFS",
            "49f48daa-b10e-11dc-b99b-0019d1879648 NetBSD RAID",
            "48465300-0000-11aa-aa11-00306543ecac Apple HFS+",
            "7c3457ef-0000-11aa-aa11-00306543ecac Apple APFS",
            "55465300-0000-11aa-aa11-00306543ecac Apple UFS",
            "52414944-0000-11aa-aa11-00306543ecac Apple RAID",
            "52414944-5f4f-11aa-aa11-00306543ecac Apple RAID offline",
            "426f6f74-0000-11aa-aa11-00306543ecac Apple boot",
            "4c616265-6c00-11aa-aa11-00306543ecac Apple label",
            "53746f72-6167-11aa-aa11-00306543ecac Apple Core Storage",
            "69646961-6700-11aa-aa11-00306543ecac Apple silicon boot",
            "52637672-7900-11aa-aa11-00306543ecac Apple silicon recovery",
            "6a82cb45-1dd2-11b2-99a6-080020736631 Solaris boot",
            "6a85cf4d-1dd2-11b2-99a6-080020736631 Solaris root",
            "6a898cc3-1dd2-11b2-99a6-080020736631 Solaris usr / Apple ZFS",
            "6a87c46f-1dd2-11b2-99a6-080020736631 Solaris swap",
            "6a945a3b-1dd2-11b2-99a6-080020736631 Solaris reserved",
            "9d275380-40ad-11db-bf97-000c2911d1b8 VMware VMKCORE",
            "aa31e02a-400f-11db-9590-000c2911d1b8 VMware VMFS",
            "9198effc-31c0-11db-8f78-000c2911d1b8 VMware reserved",
            "381cfccc-7288-11e0-92ee-000c2911d0b2 VMware vSAN",
            "fe3a2a5d-4f32-41a7-b725-accc3285a309 ChromeOS kernel",
            "3cb8e202-3b7e-47dd-8a3c-7ff2a13cfcec ChromeOS root",
            "2e0a753d-9e48-43b0-8337-b15192cb1b5e ChromeOS reserved",
            "5dfbf5f4-2848-4bac-aa5e-0d9a20b745a6 CoreOS usr",
            "45b0969e-9b03-4f30-b4c6-b4b80ceff106 Ceph journal",
            "4fbd7e29-9d25-41b8-afd0-062c0ceff05d Ceph OSD",
            "cef5a9ad-73bc-4659-a69c-1cfde1a2bf5e Ceph block",
            "42465331-3ba3-10f1-802a-4861696b7521 Haiku BFS",
            "9e1a2d38-c612-4316-aa26-8b49521e5a8b PowerPC PReP boot",
            "37affc90-ef7d-4e96-91c3-2d7ae055b174 IBM GPFS",
            "75894c1e-3aeb-11d3-b7c1-7b03a0000000 HP-UX data",
            "e2a1e728-32e3-11d6-a682-7b03a0000000 HP-UX service",
        };
        Map<String, String> names = new HashMap<>();
        for (String line : all) {
            names.put(line.substring(0, 36), line.substring(37));
        }
        return names;
    }
}
