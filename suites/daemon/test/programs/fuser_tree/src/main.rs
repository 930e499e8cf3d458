//! A small tree that cannot be written to, by the crate fuser: tree MOUNTPOINT
use fuser::{
    Config, Errno, FileAttr, FileHandle, FileType, Filesystem, Generation, INodeNo, LockOwner, MountOption, OpenFlags,
    ReplyAttr, ReplyData, ReplyDirectory, ReplyEntry, Request,
};
use std::{ffi::OsStr, time::Duration, time::UNIX_EPOCH};

const CONTENT: &[u8] = b"some bytes";
const FILE: INodeNo = INodeNo(2);
const VALID: Duration = Duration::from_secs(1);

fn attributes(ino: INodeNo) -> Option<FileAttr> {
    let (kind, perm, nlink, size) = match ino {
        INodeNo::ROOT => (FileType::Directory, 0o755, 2, 0),
        FILE => (FileType::RegularFile, 0o444, 1, CONTENT.len() as u64),
        _ => return None,
    };
    let (atime, mtime, ctime, crtime) = (UNIX_EPOCH, UNIX_EPOCH, UNIX_EPOCH, UNIX_EPOCH);
    let (blocks, uid, gid, rdev, blksize, flags) = (1, 0, 0, 0, 512, 0);
    Some(FileAttr { ino, size, blocks, atime, mtime, ctime, crtime, kind, perm, nlink, uid, gid, rdev, blksize, flags })
}

struct Tree;

impl Filesystem for Tree {
    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        match attributes(FILE) {
            Some(found) if parent == INodeNo::ROOT && name == "file" => reply.entry(&VALID, &found, Generation(0)),
            _ => reply.error(Errno::ENOENT),
        }
    }

    fn getattr(&self, _: &Request, ino: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        match attributes(ino) {
            Some(found) => reply.attr(&VALID, &found),
            None => reply.error(Errno::ENOENT),
        }
    }

    fn read(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let from = CONTENT.len().min(offset as usize);
        reply.data(&CONTENT[from..CONTENT.len().min(from + size as usize)]);
    }

    fn readdir(&self, _: &Request, _: INodeNo, _: FileHandle, offset: u64, mut reply: ReplyDirectory) {
        let entries = [
            (INodeNo::ROOT, FileType::Directory, "."),
            (INodeNo::ROOT, FileType::Directory, ".."),
            (FILE, FileType::RegularFile, "file"),
        ];
        for (place, (ino, kind, name)) in entries.into_iter().enumerate().skip(offset as usize) {
            if reply.add(ino, place as u64 + 1, kind, name) {
                break;
            }
        }
        reply.ok();
    }
}

fn main() {
    let mut config = Config::default();
    config.mount_options.push(MountOption::RO);
    let mountpoint = std::env::args().nth(1).expect("a mountpoint");
    fuser::mount2(Tree, mountpoint, &config).expect("cannot serve");
}
