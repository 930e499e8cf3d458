"""A small tree that cannot be written to, by fusepy: fusepy_tree.py MOUNTPOINT"""
import errno
import stat
import sys

from fusepy import FUSE, FuseOSError, Operations

FILES = {"/file": b"some bytes", "/folder/other": b""}
FOLDERS = {"/": ["file", "folder"], "/folder": ["other"]}


class Tree(Operations):
    def getattr(self, path, fh=None):
        if path in FOLDERS:
            return {"st_mode": stat.S_IFDIR | 0o755, "st_nlink": 2}
        if path in FILES:
            return {"st_mode": stat.S_IFREG | 0o444, "st_nlink": 1, "st_size": len(FILES[path])}
        raise FuseOSError(errno.ENOENT)

    def readdir(self, path, fh):
        return [".", "..", *FOLDERS[path]]

    def read(self, path, size, offset, fh):
        return FILES[path][offset : offset + size]


FUSE(Tree(), sys.argv[1], foreground=True, ro=True)
