/**
 * FUSE programs of Debian 12 that nobody here wrote, how each is started, and what a run with `--scope fuse` has to say of
 * it. None knows famfs. An accusation has a note that proves it; without a proof the requirement or the suite is wrong.
 */
import type { RuleId } from "../../../../spec/index.ts";
import type { Via } from "../../../../subjects/daemon/daemon.ts";

export interface Needed {
  readonly name: string;
  /** The Debian package, and what shows that it is installed: commands, paths, and modules as `python3:NAME`. */
  readonly from: string;
  readonly needs: readonly string[];
  /** FOLDER is the one that prepare.sh has filled, HERE this one; {example NAME} and {go NAME} are built from the packages' sources. */
  readonly command: string;
}

export interface Program extends Needed {
  readonly via: Via;
  /** The requirements that it breaks; none: it is conforming. */
  readonly breaks?: readonly RuleId[];
  readonly warnings?: readonly RuleId[];
  /** Why that is true. */
  readonly note?: string;
}

const NO_STATFS: RuleId = "daemon/tree/statfs";

const own = (name: string, command: string): Program => ({
  name,
  from: "libfuse3-dev",
  needs: ["gcc", "pkg-config", "/usr/share/doc/libfuse3-dev/examples"],
  command,
  via: "direct",
});

const inGo = (name: string, command: string): Program => ({
  name,
  from: "golang-github-hanwen-go-fuse-dev",
  needs: ["go", "/usr/share/doc/golang-github-hanwen-go-fuse-dev/examples"],
  command,
  via: "direct",
});

/** libfuse 3 and go-fuse take /dev/fd/N as their mountpoint; libfuse 2 resolves the path, and so do others. */
export const PROGRAMS: readonly Program[] = [
  // libfuse 3.14
  own("hello", "{example hello} -f {mountpoint}"),
  own("hello_ll", "{example hello_ll} -f {mountpoint}"),
  own("passthrough", "{example passthrough} -f -o modules=subdir,subdir=FOLDER/tree {mountpoint}"),
  own("passthrough_fh", "{example passthrough_fh} -f -o modules=subdir,subdir=FOLDER/tree {mountpoint}"),
  own("passthrough_ll", "{example passthrough_ll} -f -o source=FOLDER/tree {mountpoint}"),
  own("notify_inval_entry", "{example notify_inval_entry} -f --update-interval=1 {mountpoint}"),
  own(
    "notify_inval_entry, expiring",
    "{example notify_inval_entry} -f --update-interval=1 --only-expire {mountpoint}",
  ),
  own("notify_inval_inode", "{example notify_inval_inode} -f --update-interval=1 {mountpoint}"),
  own("notify_store_retrieve", "{example notify_store_retrieve} -f --update-interval=1 {mountpoint}"),
  own("invalidate_path", "{example invalidate_path} -f {mountpoint}"),
  {
    name: "squashfuse",
    from: "squashfuse",
    needs: ["squashfuse", "mksquashfs"],
    command: "squashfuse -f FOLDER/tree.sqfs {mountpoint}",
    via: "direct",
  },
  {
    name: "fuse-overlayfs",
    from: "fuse-overlayfs",
    needs: ["fuse-overlayfs"],
    command:
      "fuse-overlayfs -f -o lowerdir=FOLDER/tree,upperdir=FOLDER/upper,workdir=FOLDER/work {mountpoint}",
    via: "direct",
  },
  {
    name: "pyfuse3",
    from: "python3-pyfuse3",
    needs: ["python3:pyfuse3"],
    command: "/usr/bin/python3 HERE/llfuse_tree.py pyfuse3 {mountpoint}",
    via: "direct",
    warnings: [NO_STATFS],
  },

  // go-fuse 2.1, and bazil.org/fuse
  inGo("go-fuse hello", "{go hello} {mountpoint}"),
  inGo("go-fuse loopback", "{go loopback} {mountpoint} FOLDER/tree"),
  inGo("go-fuse memfs", "{go memfs} {mountpoint} FOLDER/memfs-"),
  {
    ...inGo("go-fuse zipfs", "{go zipfs} {mountpoint} FOLDER/tree.zip"),
    needs: ["go", "/usr/share/doc/golang-github-hanwen-go-fuse-dev/examples", "zip"],
    breaks: ["daemon/directory/offsets"],
    note: `fs/bridge.go, setStream: whoever asks from an offset in front of the last entry given gets a new stream, and
      getStream fills it by ranging over a map, which Go orders at random each time; the offset is an index into it. Mounted
      on Linux 6.18 getdents64(2) with 300 bytes gives 60 entries of which 38 differ: the kernel goes back to where the
      buffer was full. seekdir(3) to what telldir(3) gave leads to another name.`,
  },
  {
    name: "gocryptfs",
    from: "gocryptfs",
    needs: ["gocryptfs"],
    command: "gocryptfs -fg -q -passfile FOLDER/password FOLDER/cipher {mountpoint}",
    via: "direct",
  },
  {
    name: "gocryptfs -reverse",
    from: "gocryptfs",
    needs: ["gocryptfs"],
    command: "gocryptfs -fg -q -reverse -passfile FOLDER/password FOLDER/plain {mountpoint}",
    via: "direct",
  },
  {
    name: "gocryptfs in the background",
    from: "gocryptfs",
    needs: ["gocryptfs"],
    command: "gocryptfs -q -passfile FOLDER/password FOLDER/cipher {mountpoint}",
    via: "direct",
  },
  {
    name: "rclone",
    from: "rclone",
    needs: ["rclone"],
    command: "rclone mount --config /dev/null FOLDER/tree {mountpoint}",
    via: "fusermount",
  },

  {
    name: "lxcfs",
    from: "lxcfs",
    needs: ["lxcfs"],
    command: "lxcfs -f -p FOLDER/lxcfs.pid {mountpoint}",
    via: "direct",
    breaks: ["daemon/directory/unique-names"],
    warnings: ["daemon/tree/link-length"],
    note: `Mounted on Linux 6.18, ls of /sys/devices/system/cpu shows "online" twice, and ls of the real folder shows it
      once. Links there have st_size 0. (lxcfs lets not even root open write-only files of cgroups for reading: no fault.)`,
  },

  // libfuse 2.9
  {
    name: "bindfs",
    from: "bindfs",
    needs: ["bindfs"],
    command: "bindfs -f FOLDER/tree {mountpoint}",
    via: "fusermount",
  },
  {
    name: "bindfs in the background",
    from: "bindfs",
    needs: ["bindfs"],
    command: "bindfs FOLDER/tree {mountpoint}",
    via: "fusermount",
  },
  {
    name: "bindfs of an empty folder",
    from: "bindfs",
    needs: ["bindfs"],
    command: "bindfs -f FOLDER/empty {mountpoint}",
    via: "fusermount",
  },
  {
    name: "unionfs-fuse",
    from: "unionfs-fuse",
    needs: ["unionfs"],
    command: "unionfs -f FOLDER/tree=RO {mountpoint}",
    via: "fusermount",
  },
  {
    name: "fuse2fs",
    from: "fuse2fs",
    needs: ["fuse2fs", "mkfs.ext4"],
    command: "fuse2fs -f -o ro FOLDER/tree.ext4 {mountpoint}",
    via: "fusermount",
  },
  {
    name: "archivemount",
    from: "archivemount",
    needs: ["archivemount"],
    command: "archivemount -f FOLDER/tree.tar {mountpoint}",
    via: "fusermount",
    // st_size of a link is not the length of its target.
    warnings: ["daemon/tree/link-length"],
  },
  {
    name: "archivemount of an archive with ./",
    from: "archivemount",
    needs: ["archivemount"],
    command: "archivemount -f FOLDER/dot.tar {mountpoint}",
    via: "fusermount",
    breaks: ["daemon/reply/answered", "daemon/tree/listed-names"],
    note: `Mounted on Linux 6.18 the first ls shows nothing (readdir(3) ends at ENOENT), and the second waits for as long as
      the program lives: SIGTERM does not end it.`,
  },
  {
    name: "fuse-zip",
    from: "fuse-zip",
    needs: ["fuse-zip", "zip"],
    command: "fuse-zip -f FOLDER/tree.zip {mountpoint}",
    via: "fusermount",
  },
  {
    name: "encfs",
    from: "encfs",
    needs: ["encfs"],
    command: "encfs -f --standard --extpass=HERE/password.sh FOLDER/encrypted {mountpoint}",
    via: "fusermount",
  },
  {
    name: "disorderfs",
    from: "disorderfs",
    needs: ["disorderfs"],
    command: "disorderfs -f FOLDER/tree {mountpoint}",
    via: "fusermount",
  },
  {
    name: "fuseiso",
    from: "fuseiso",
    needs: ["fuseiso", "genisoimage"],
    command: "fuseiso FOLDER/tree.iso {mountpoint} -f",
    via: "fusermount",
    // st_size of a link is not the length of its target.
    warnings: ["daemon/tree/link-length"],
  },
  {
    name: "exfat-fuse",
    from: "exfat-fuse",
    needs: ["mount.exfat-fuse", "mkfs.exfat"],
    command: "mount.exfat-fuse -d -o ro FOLDER/tree.exfat {mountpoint}",
    via: "fusermount",
  },
  {
    name: "mergerfs, with a libfuse of its own",
    from: "mergerfs",
    needs: ["mergerfs"],
    command: "mergerfs -f FOLDER/tree:FOLDER/empty {mountpoint}",
    via: "fusermount",
  },
  {
    name: "fusepy",
    from: "python3-fusepy",
    needs: ["python3:fusepy"],
    command: "/usr/bin/python3 HERE/fusepy_tree.py {mountpoint}",
    via: "fusermount",
  },
  {
    name: "python3-fuse",
    from: "python3-fuse",
    needs: ["python3:fuse"],
    command: "/usr/bin/python3 HERE/python_fuse_tree.py {mountpoint} -f",
    via: "fusermount",
  },
  {
    name: "llfuse",
    from: "python3-llfuse",
    needs: ["python3:llfuse"],
    command: "/usr/bin/python3 HERE/llfuse_tree.py llfuse {mountpoint}",
    via: "fusermount",
    warnings: [NO_STATFS],
  },
];

/** Programs that serve nobody but a mount of their own, and what they print. */
export const UNATTACHABLE: readonly (Needed & { readonly says: RegExp })[] = [
  {
    // Its copy of libfuse has the helper built in (libfuse-lite/mount.c, fuse_kern_mount), and calls mount(2) itself.
    name: "ntfs-3g",
    from: "ntfs-3g",
    needs: ["ntfs-3g", "mkntfs"],
    command: "ntfs-3g -o no_detach FOLDER/tree.ntfs {mountpoint}",
    says: /stand-in[^\n]*mount failed: Operation not permitted/,
  },
  {
    // example/null.c, main: lstat of the mountpoint has to give S_ISREG.
    ...own("null", "{example null} -f {mountpoint}"),
    says: /directly[^\n]*mountpoint is not a regular file/,
  },
];
