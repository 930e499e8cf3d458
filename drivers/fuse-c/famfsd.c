/* SPDX-License-Identifier: Apache-2.0 */
/* famfsd: a famfs daemon in one file, to start your own from. It speaks raw FUSE, without a library, on a channel that
 * somebody else has opened: `famfsd /dev/fd/N`. Protocol: famfs for FUSE, RFC V2 (profile rfc-v2).
 *
 * To serve your own files, replace the table `nodes` and what looks into it: `map_of`, `find_child`. The rest is FUSE. */
#include <errno.h>
#include <linux/fuse.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* ---- What famfs adds to FUSE ---- */

enum { OP_GET_FMAP = 53, OP_GET_DAXDEV = 54 };
#define INIT_DAX_FMAP_2 (1u << (42 - 32)) /* bit 42 of INIT's flags: bit 10 of flags2 */

struct fmap_header {
    uint8_t file_type, reserved;
    uint16_t fmap_version;
    uint32_t ext_type, nextents, reserved0;
    uint64_t file_size, reserved1;
};
struct simple_ext { uint32_t devindex, reserved; uint64_t offset, len; };
struct interleaved_ext { uint32_t nstrips, chunk_size; uint64_t nbytes, reserved; };
struct get_fmap_in { uint32_t size, padding; };
struct daxdev_out {
    uint16_t index, reserved;
    uint32_t reserved2;
    uint64_t reserved3, reserved4;
    char name[256];
};
enum { FMAP_VERSION = 1, EXT_SIMPLE = 0, EXT_INTERLEAVED = 1 };

_Static_assert(sizeof(struct fmap_header) == 32, "wire layout");
_Static_assert(sizeof(struct simple_ext) == 24 && sizeof(struct interleaved_ext) == 24, "wire layout");
_Static_assert(sizeof(struct daxdev_out) == 280, "wire layout");

/* ---- The files ---- */

#define MIB(n) ((uint64_t)(n) << 20)

/* A file's memory: ranges of the same length, one behind the other on daxdev 0. Offsets and lengths are multiples of
 * 2 MiB. With strips, the file's chunks go round over the strips of an extent, and extents follow each other. */
struct layout {
    uint64_t first;    /* where the first range begins */
    uint64_t length;   /* of each range */
    uint32_t nextents;
    uint32_t nstrips;  /* of each extent; 0: the extents are simple */
    uint32_t chunk;    /* bytes that go to one strip before the next one's turn comes */
};

struct node {
    const char *name;
    uint32_t parent; /* nodeid of the directory that it is in */
    mode_t mode;
    uint64_t size;
    const char *target; /* of a symlink */
    struct layout layout;
};

/* The nodeid, and the ino, is the index; there is no 0, and 1 is the root. */
static const struct node nodes[] = {
    [1] = { .name = "", .parent = 1, .mode = S_IFDIR | 0755 },
    [2] = { .name = "data", .parent = 1, .mode = S_IFDIR | 0755 },
    [3] = { .name = "one-extent", .parent = 2, .mode = S_IFREG | 0644, .size = MIB(4),
            .layout = { .first = MIB(0), .length = MIB(4), .nextents = 1 } },
    [4] = { .name = "three-extents", .parent = 2, .mode = S_IFREG | 0644, .size = MIB(12) - 1,
            .layout = { .first = MIB(8), .length = MIB(4), .nextents = 3 } },
    [5] = { .name = "empty", .parent = 2, .mode = S_IFREG | 0644, .size = 0,
            .layout = { .first = MIB(20), .length = MIB(2), .nextents = 1 } }, /* no extents at all would be refused */
    [6] = { .name = "striped", .parent = 1, .mode = S_IFREG | 0644, .size = MIB(15) + 1,
            .layout = { .first = MIB(32), .length = MIB(4), .nextents = 1, .nstrips = 4, .chunk = MIB(2) } },
    [7] = { .name = "long-map", .parent = 1, .mode = S_IFREG | 0644, .size = MIB(384), /* its map is 4784 bytes */
            .layout = { .first = MIB(64), .length = MIB(2), .nextents = 6, .nstrips = 32, .chunk = MIB(2) } },
    [8] = { .name = "link", .parent = 1, .mode = S_IFLNK | 0777, .size = 15, .target = "data/one-extent" },
};
enum { ROOT = 1, END = sizeof nodes / sizeof *nodes };
static const char daxdev_name[] = "/dev/dax0.0"; /* of daxdev 0, the only one */

static uint64_t lookups[END]; /* how often the kernel has looked a node up and not forgotten it */

/* The node of a nodeid that the kernel has been given; NULL: it has not, or it has forgotten it. */
static const struct node *known(uint64_t nodeid)
{
    return nodeid == ROOT || (nodeid < END && lookups[nodeid] > 0) ? &nodes[nodeid] : NULL;
}

static uint64_t id_of(const struct node *n) { return (uint64_t)(n - nodes); }

/* The nodeid of a name in a directory, 0 if there is none. */
static uint64_t find_child(uint64_t directory, const char *name)
{
    for (uint64_t id = ROOT + 1; id < END; id++)
        if (nodes[id].parent == directory && strcmp(nodes[id].name, name) == 0) return id;
    return 0;
}

static void forget(uint64_t nodeid, uint64_t count)
{
    if (nodeid >= END) return;
    lookups[nodeid] -= count < lookups[nodeid] ? count : lookups[nodeid];
}

/* ---- Maps ---- */

static char *put(char *at, const void *record, size_t size)
{
    memcpy(at, record, size);
    return at + size;
}

/* Writes the GET_FMAP message of a file and returns its size; `room` is enough for 6 extents of 32 strips. */
static size_t map_of(const struct node *n, char *room)
{
    const struct layout *l = &n->layout;
    struct fmap_header header = {
        .file_type = 0, /* a regular file */
        .fmap_version = FMAP_VERSION,
        .ext_type = l->nstrips ? EXT_INTERLEAVED : EXT_SIMPLE,
        .nextents = l->nextents,
        .file_size = n->size,
    };
    char *at = put(room, &header, sizeof header);
    uint64_t offset = l->first, left = n->size;
    for (uint32_t i = 0; i < l->nextents; i++) {
        uint32_t ranges = 1;
        if (l->nstrips) {
            uint64_t whole = l->nstrips * l->length;
            struct interleaved_ext head = {
                .nstrips = l->nstrips,
                .chunk_size = l->chunk,
                .nbytes = left < whole ? left : whole, /* what this extent serves of the file */
            };
            at = put(at, &head, sizeof head);
            left -= head.nbytes;
            ranges = l->nstrips;
        }
        for (uint32_t j = 0; j < ranges; j++, offset += l->length)
            at = put(at, &(struct simple_ext){ .offset = offset, .len = l->length }, sizeof(struct simple_ext));
    }
    return (size_t)(at - room);
}

/* ---- Requests and replies ---- */

struct request {
    struct fuse_in_header in;
    const char *body;
    size_t size; /* of the body */
};

enum { MAX_WRITE = 128 << 10 }; /* also the most that is ever read at once */
static int channel;
static int started, finished, fmap_agreed;
static char scratch[MAX_WRITE]; /* the body of the reply that is being made */

/* Writes one reply: an error (a positive errno) and no body, or 0 and the body. Returns 0. */
static int reply(const struct request *r, int error, const void *body, size_t size)
{
    struct fuse_out_header out = { .error = -error, .unique = r->in.unique };
    if (error || size == 0) body = "", size = 0;
    out.len = (uint32_t)(sizeof out + size);
    struct iovec parts[2] = { { &out, sizeof out }, { (void *)(uintptr_t)body, size } };
    for (size_t done = 0; done < out.len;) { /* a stream may take it in pieces */
        int head = parts[0].iov_len > 0;
        ssize_t n = writev(channel, head ? parts : parts + 1, head ? 2 : 1);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            /* ENOENT: the request was interrupted. EINVAL: the kernel refuses this reply. Otherwise it is gone. */
            finished = errno != ENOENT && errno != EINVAL;
            return 0;
        }
        done += (size_t)n;
        for (int i = 0; i < 2; i++) {
            size_t step = (size_t)n < parts[i].iov_len ? (size_t)n : parts[i].iov_len;
            parts[i].iov_base = (char *)parts[i].iov_base + step;
            parts[i].iov_len -= step;
            n -= (ssize_t)step;
        }
    }
    return 0;
}

/* Copies a struct out of the body, which may lie at any address. Returns 0 if the body is too short. */
static int take(const struct request *r, void *to, size_t size)
{
    if (r->size < size) return 0;
    memcpy(to, r->body, size);
    return 1;
}

static void set_attr(struct fuse_attr *a, const struct node *n)
{
    *a = (struct fuse_attr){
        .ino = id_of(n), .size = n->size, .blocks = (n->size + 511) / 512, .mode = n->mode, .nlink = 1, .blksize = 4096
    };
    if (!S_ISDIR(n->mode)) return;
    a->nlink = 2; /* its name and its own `.`; each directory in it adds its `..` */
    for (uint64_t id = ROOT + 1; id < END; id++) a->nlink += nodes[id].parent == a->ino && S_ISDIR(nodes[id].mode);
}

enum { VALID = 3600 }; /* seconds for which the kernel may rely on what it was told */

/* The answer to a lookup, which the kernel counts. */
static struct fuse_entry_out entry(uint64_t id)
{
    struct fuse_entry_out out = { .nodeid = id, .entry_valid = VALID, .attr_valid = VALID };
    set_attr(&out.attr, &nodes[id]);
    lookups[id]++;
    return out;
}

/* Each of these answers its request and returns 0, or returns the errno that the request gets. */

static int do_init(const struct request *r)
{
    struct fuse_init_in in = { 0 };
    size_t needed = offsetof(struct fuse_init_in, flags) + sizeof in.flags; /* of protocols before 7.36 */
    if (started || r->size < needed) return EINVAL;
    memcpy(&in, r->body, r->size < sizeof in ? r->size : sizeof in);
    if (in.minor >= 36 && r->size < sizeof in) return EINVAL;
    struct fuse_init_out out = { .major = 7, .minor = 43, .max_write = MAX_WRITE, .time_gran = 1 };
    if (in.major > 7) return reply(r, 0, &out, sizeof out); /* the kernel asks again, in 7 */
    if (in.major < 7 || in.minor < 23) return EPROTO;
    /* A kernel of 7.45 means FUSE_REQUEST_TIMEOUT by bit 42: what is newer than this protocol has no famfs here. */
    int knows_famfs = in.minor <= out.minor;
    if (in.minor < out.minor) out.minor = in.minor;
    out.max_readahead = in.max_readahead < MAX_WRITE ? in.max_readahead : MAX_WRITE;
    /* Nothing may be set that was not offered, and flags2 counts only together with FUSE_INIT_EXT. */
    uint32_t flags2 = in.flags & FUSE_INIT_EXT ? in.flags2 : 0;
    fmap_agreed = knows_famfs && (flags2 & INIT_DAX_FMAP_2);
    out.flags = in.flags & (FUSE_ASYNC_READ | FUSE_BIG_WRITES | FUSE_DO_READDIRPLUS | FUSE_MAX_PAGES);
    if (fmap_agreed) out.flags |= FUSE_INIT_EXT;
    if (fmap_agreed) out.flags2 = INIT_DAX_FMAP_2;
    if (out.flags & FUSE_MAX_PAGES) out.max_pages = MAX_WRITE / 4096;
    started = 1;
    return reply(r, 0, &out, sizeof out);
}

static int do_lookup(const struct request *r, const struct node *parent)
{
    if (!S_ISDIR(parent->mode)) return ENOTDIR;
    /* A name ends with the only NUL of the body, and is one name. */
    if (r->size < 2 || memchr(r->body, 0, r->size) != r->body + r->size - 1) return EINVAL;
    if (strchr(r->body, '/') || strcmp(r->body, ".") == 0 || strcmp(r->body, "..") == 0) return EINVAL;
    if (r->size > 256) return ENAMETOOLONG;
    uint64_t id = find_child(id_of(parent), r->body);
    if (id == 0) return ENOENT;
    struct fuse_entry_out out = entry(id);
    return reply(r, 0, &out, sizeof out);
}

static int do_getattr(const struct request *r, const struct node *n)
{
    struct fuse_getattr_in in;
    struct fuse_attr_out out = { .attr_valid = VALID };
    if (!take(r, &in, sizeof in)) return EINVAL;
    set_attr(&out.attr, n);
    return reply(r, 0, &out, sizeof out);
}

static int do_open(const struct request *r, const struct node *n, int directory)
{
    struct fuse_open_in in;
    struct fuse_open_out out = { 0 }; /* nothing depends on who opened what: every file handle is 0 */
    if (directory && !S_ISDIR(n->mode)) return ENOTDIR;
    if (!directory && !S_ISREG(n->mode)) return S_ISDIR(n->mode) ? EISDIR : EINVAL;
    if (!take(r, &in, sizeof in)) return EINVAL;
    return reply(r, 0, &out, sizeof out);
}

static int do_release(const struct request *r)
{
    struct fuse_release_in in; /* FLUSH has as many bytes */
    return take(r, &in, sizeof in) ? reply(r, 0, NULL, 0) : EINVAL;
}

/* A read past the map of the file returns zeros. */
static int do_read(const struct request *r, const struct node *n)
{
    struct fuse_read_in in;
    if (!S_ISREG(n->mode)) return S_ISDIR(n->mode) ? EISDIR : EINVAL;
    if (!take(r, &in, sizeof in)) return EINVAL;
    uint64_t left = in.offset < n->size ? n->size - in.offset : 0;
    size_t size = in.size < sizeof scratch ? in.size : sizeof scratch;
    if (left < size) size = (size_t)left;
    memset(scratch, 0, size);
    return reply(r, 0, scratch, size);
}

/* READDIR, and READDIRPLUS, where an entry stands before each name. The offset is the number of the name: 0 and 1 are
 * `.` and `..`, then come the nodes in their order. */
static int do_readdir(const struct request *r, const struct node *directory, int plus)
{
    struct fuse_read_in in;
    if (!S_ISDIR(directory->mode)) return ENOTDIR;
    if (!take(r, &in, sizeof in)) return EINVAL;
    size_t room = in.size < sizeof scratch ? in.size : sizeof scratch, used = 0;
    for (uint64_t i = in.offset; i < END + 2; i++) {
        uint64_t id = i == 0 ? id_of(directory) : i == 1 ? directory->parent : i - 2;
        if (i >= 2 && (id <= ROOT || nodes[id].parent != id_of(directory))) continue;
        const char *name = i == 0 ? "." : i == 1 ? ".." : nodes[id].name;
        size_t head = plus ? sizeof(struct fuse_entry_out) : 0;
        struct fuse_dirent d = {
            .ino = id, .off = i + 1, .namelen = (uint32_t)strlen(name), .type = (nodes[id].mode & S_IFMT) >> 12
        };
        size_t size = head + FUSE_DIRENT_ALIGN(FUSE_NAME_OFFSET + d.namelen);
        if (size > room - used) {
            if (used == 0) return EINVAL;
            break;
        }
        char *at = scratch + used;
        memset(at, 0, size);
        /* `.` and `..` keep nodeid 0: the kernel counts no lookup of them. */
        if (plus && i >= 2) put(at, &(struct fuse_entry_out[1]){ entry(id) }, head);
        put(put(at + head, &d, FUSE_NAME_OFFSET), name, d.namelen);
        used += size;
    }
    return reply(r, 0, scratch, used);
}

static int do_statfs(const struct request *r)
{
    struct fuse_statfs_out out = {
        .st = { .blocks = MIB(512) / 4096, .files = END - 1, .bsize = 4096, .frsize = 4096, .namelen = 255 }
    };
    return reply(r, 0, &out, sizeof out);
}

/* The map if the kernel can take it, else its size as four bytes: then the kernel asks again with enough room. */
static int do_get_fmap(const struct request *r, const struct node *n)
{
    struct get_fmap_in in;
    if (!fmap_agreed) return ENOSYS;
    if (!S_ISREG(n->mode)) return S_ISDIR(n->mode) ? EISDIR : EINVAL;
    if (!take(r, &in, sizeof in)) return EINVAL;
    uint32_t size = (uint32_t)map_of(n, scratch);
    if (size <= in.size) return reply(r, 0, scratch, size);
    if (in.size < sizeof size) return EINVAL;
    return reply(r, 0, &size, sizeof size);
}

/* The index of the daxdev stands where other requests have the nodeid. */
static int do_get_daxdev(const struct request *r)
{
    struct daxdev_out out = { 0 };
    if (!fmap_agreed) return ENOSYS;
    if (r->in.nodeid != 0) return ENODEV;
    memcpy(out.name, daxdev_name, sizeof daxdev_name);
    return reply(r, 0, &out, sizeof out);
}

static void do_batch_forget(const struct request *r)
{
    struct fuse_batch_forget_in in;
    struct fuse_forget_one one;
    if (!take(r, &in, sizeof in) || (r->size - sizeof in) / sizeof one < in.count) return;
    for (uint32_t i = 0; i < in.count; i++) {
        memcpy(&one, r->body + sizeof in + i * sizeof one, sizeof one);
        forget(one.nodeid, one.nlookup);
    }
}

static int do_destroy(const struct request *r)
{
    reply(r, 0, NULL, 0);
    finished = 1;
    return 0;
}

/* Requests about a node that the kernel has to know. */
static int serve_node(const struct request *r)
{
    const struct node *n = known(r->in.nodeid);
    switch (r->in.opcode) {
    case FUSE_LOOKUP: case FUSE_GETATTR: case FUSE_READLINK: case FUSE_STATFS: case FUSE_OPEN: case FUSE_READ:
    case FUSE_FLUSH: case FUSE_RELEASE: case FUSE_OPENDIR: case FUSE_READDIR: case FUSE_READDIRPLUS:
    case FUSE_RELEASEDIR: case OP_GET_FMAP: break;
    default: return ENOSYS; /* whatever else it asks, it has to do without */
    }
    if (n == NULL) return r->in.nodeid > 0 && r->in.nodeid < END ? ESTALE : ENOENT;
    switch (r->in.opcode) {
    case FUSE_LOOKUP: return do_lookup(r, n);
    case FUSE_GETATTR: return do_getattr(r, n);
    case FUSE_READLINK: return n->target ? reply(r, 0, n->target, strlen(n->target)) : EINVAL;
    case FUSE_STATFS: return do_statfs(r);
    case FUSE_OPEN: return do_open(r, n, 0);
    case FUSE_OPENDIR: return do_open(r, n, 1);
    case FUSE_READ: return do_read(r, n);
    case FUSE_READDIR: return do_readdir(r, n, 0);
    case FUSE_READDIRPLUS: return do_readdir(r, n, 1);
    case OP_GET_FMAP: return do_get_fmap(r, n);
    default: return do_release(r);
    }
}

/* Answers one message; `size` is what was read of it. */
static void serve(const char *message, size_t size)
{
    struct request r = { .body = message + sizeof r.in };
    if (size < sizeof r.in) return; /* whom should it answer? */
    memcpy(&r.in, message, sizeof r.in);
    r.size = size - sizeof r.in;
    int honest = r.in.len == size;
    switch (r.in.opcode) {
    case FUSE_FORGET: { /* these three have no reply */
        struct fuse_forget_in in;
        if (honest && take(&r, &in, sizeof in)) forget(r.in.nodeid, in.nlookup);
        return;
    }
    case FUSE_BATCH_FORGET:
        if (honest) do_batch_forget(&r);
        return;
    case FUSE_INTERRUPT: return; /* whatever it names was answered before */
    }
    int error = !honest                         ? EINVAL
                : r.in.opcode == FUSE_INIT      ? do_init(&r)
                : !started                      ? EIO
                : r.in.opcode == OP_GET_DAXDEV  ? do_get_daxdev(&r)
                : r.in.opcode == FUSE_DESTROY   ? do_destroy(&r)
                                                : serve_node(&r);
    if (error) reply(&r, error, NULL, 0);
}

/* ---- The channel ---- */

static char inbox[1 << 20];

/* The length of the message at inbox[at..used) by its own words, or 0 if it is not there as a whole. */
static size_t whole_message(size_t at, size_t used)
{
    struct fuse_in_header in = { 0 };
    memcpy(&in, inbox + at, used - at < sizeof in ? used - at : sizeof in);
    return in.len >= sizeof in && in.len <= used - at ? in.len : 0;
}

/* A read gives one message, from /dev/fuse and from packet sockets, or from a stream as many as are queued. */
static void serve_all(int stream)
{
    size_t used = 0;
    while (!finished) {
        ssize_t n = read(channel, inbox + used, sizeof inbox - used);
        if (n < 0 && (errno == EINTR || errno == ENOENT)) continue;
        if (n <= 0) return; /* closed, or unmounted */
        used += (size_t)n;
        int full = used == sizeof inbox; /* then the rest of the last message is still on its way */
        size_t at = 0;
        while (at < used && !finished) {
            size_t left = used - at, size = stream ? whole_message(at, used) : left;
            if (size == 0 && full && at > 0) break;
            /* What is left over and is no message shows that this one's length is a lie. */
            if (size == 0 || (!full && size < left && whole_message(at + size, used) == 0)) size = left;
            serve(inbox + at, size);
            at += size;
        }
        memmove(inbox, inbox + at, used - at);
        used -= at;
    }
}

int main(int argc, char **argv)
{
    char *end = NULL;
    const char *mountpoint = argc > 1 ? argv[argc - 1] : "";
    if (strncmp(mountpoint, "/dev/fd/", 8) == 0) channel = (int)strtol(mountpoint + 8, &end, 10);
    if (end == NULL || end == mountpoint + 8 || *end != 0) {
        fprintf(stderr, "usage: famfsd /dev/fd/N, where descriptor N is an open FUSE channel\n");
        return 2;
    }
    int type = 0;
    socklen_t size = sizeof type;
    if (getsockopt(channel, SOL_SOCKET, SO_TYPE, &type, &size) < 0 && errno == EBADF) {
        fprintf(stderr, "famfsd: descriptor %d is not open\n", channel);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN); /* a kernel that is gone is an error of write(2), not the end */
    serve_all(type == SOCK_STREAM);
    return 0;
}
