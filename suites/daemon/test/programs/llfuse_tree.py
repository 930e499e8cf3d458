"""A small tree that cannot be written to, by llfuse or pyfuse3: llfuse_tree.py llfuse|pyfuse3 MOUNTPOINT"""
import errno
import importlib
import stat
import sys

library = importlib.import_module(sys.argv[1])
FILE = library.ROOT_INODE + 1
CONTENT = b"some bytes"


def attributes(inode):
    found = library.EntryAttributes()
    found.st_ino = inode
    if inode == library.ROOT_INODE:
        found.st_mode, found.st_nlink = stat.S_IFDIR | 0o755, 2
    elif inode == FILE:
        found.st_mode, found.st_nlink, found.st_size = stat.S_IFREG | 0o444, 1, len(CONTENT)
    else:
        raise library.FUSEError(errno.ENOENT)
    return found


def looked_up(parent, name):
    if parent != library.ROOT_INODE or name != b"file":
        raise library.FUSEError(errno.ENOENT)
    return attributes(FILE)


def opened(inode):
    if inode != FILE:
        raise library.FUSEError(errno.EISDIR)
    return library.FileInfo(fh=inode) if hasattr(library, "FileInfo") else inode


if sys.argv[1] == "pyfuse3":
    import trio

    class Tree(library.Operations):
        async def getattr(self, inode, ctx=None):
            return attributes(inode)

        async def lookup(self, parent, name, ctx=None):
            return looked_up(parent, name)

        async def opendir(self, inode, ctx):
            return inode

        async def readdir(self, fh, start, token):
            if start == 0:
                library.readdir_reply(token, b"file", attributes(FILE), 1)

        async def open(self, inode, flags, ctx):
            return opened(inode)

        async def read(self, fh, offset, size):
            return CONTENT[offset : offset + size]

    library.init(Tree(), sys.argv[2], set(library.default_options))
    try:
        trio.run(library.main)
    finally:
        library.close(unmount=False)
else:

    class Tree(library.Operations):
        def getattr(self, inode, ctx=None):
            return attributes(inode)

        def lookup(self, parent, name, ctx=None):
            return looked_up(parent, name)

        def opendir(self, inode, ctx):
            return inode

        def readdir(self, fh, offset):
            if offset == 0:
                yield (b"file", attributes(FILE), 1)

        def open(self, inode, flags, ctx):
            return opened(inode)

        def read(self, fh, offset, size):
            return CONTENT[offset : offset + size]

    library.init(Tree(), sys.argv[2], library.default_options)
    try:
        library.main(workers=1)
    finally:
        library.close(unmount=False)
