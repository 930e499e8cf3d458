"""A small tree that cannot be written to, by python3-fuse: python_fuse_tree.py MOUNTPOINT -f"""
import errno
import stat

import fuse

fuse.fuse_python_api = (0, 2)
FILES = {"/file": b"some bytes", "/folder/other": b""}
FOLDERS = {"/": ["file", "folder"], "/folder": ["other"]}


class Tree(fuse.Fuse):
    def getattr(self, path):
        found = fuse.Stat()
        if path in FOLDERS:
            found.st_mode, found.st_nlink = stat.S_IFDIR | 0o755, 2
        elif path in FILES:
            found.st_mode, found.st_nlink, found.st_size = stat.S_IFREG | 0o444, 1, len(FILES[path])
        else:
            return -errno.ENOENT
        return found

    def readdir(self, path, offset):
        for name in [".", "..", *FOLDERS[path]]:
            yield fuse.Direntry(name)

    def open(self, path, flags):
        return None if path in FILES else -errno.ENOENT

    def read(self, path, size, offset):
        return FILES[path][offset : offset + size]


tree = Tree(version="tree 1", usage="")
tree.parse(errex=1)
tree.main()
