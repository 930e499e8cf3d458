// SPDX-License-Identifier: GPL-2.0
/*
 * The part of the famfs series that stands around its parser: INIT, GET_FMAP when a file is opened, GET_DAXDEV. It follows
 * fuse_get_fmap(), its caller in fuse_open() and famfs_update_daxdev_table() of the revision that famfs_profile.h names.
 * The text of a GET_FMAP parser stands in front of this file, so that its static functions and types are at hand.
 */

u64 famfs_hook_offer(void)
{
	if (FAMFS_HOOK_GUARDED && !capable(CAP_SYS_RAWIO))
		return 0;
	return FAMFS_HOOK_INIT_FLAG;
}

bool famfs_hook_agreed(u64 flags)
{
	return flags & FAMFS_HOOK_INIT_FLAG;
}

/* One GET_FMAP request for a reply of at most @size bytes, or of exactly as many. Returns the reply's length or -errno. */
static ssize_t famfs_hook_ask(struct fuse_mount *fm, u64 nodeid, void *buf, u32 size)
{
	struct {
		u32 size;
		u32 padding;
	} in = { .size = size };
	FUSE_ARGS(args);
	ssize_t rc;

	args.opcode = FAMFS_HOOK_GET_FMAP;
	args.nodeid = nodeid;
	args.in_numargs = FAMFS_HOOK_BODY;
	args.in_args[0].size = sizeof(in);
	args.in_args[0].value = &in;
	args.out_numargs = 1;
	args.out_argvar = FAMFS_HOOK_SIZES != FAMFS_HOOK_EXACT;
	args.out_args[0].size = size;
	args.out_args[0].value = buf;
	rc = fuse_simple_request(fm, &args);
	return rc < 0 || args.out_argvar ? rc : size;
}

/* The size that a reply of @got bytes asks for; 0: the reply is the message; or -errno. */
static int famfs_hook_needed(const void *buf, u32 size, ssize_t got, bool retried)
{
	u32 needed;

	if (FAMFS_HOOK_SIZES == FAMFS_HOOK_RETRY_ONCE && got == sizeof(u32) && !retried) {
		needed = *(const u32 *)buf;
		if (needed < FAMFS_HOOK_SIZE_MIN || needed > FAMFS_HOOK_SIZE_MAX)
			return -EIO;
		return needed;
	}
	if (FAMFS_HOOK_SIZES != FAMFS_HOOK_FMAP_SIZE)
		return 0;
	if (got < sizeof(struct fuse_famfs_fmap_header))
		return -EIO;
	needed = *(const u32 *)(buf + FAMFS_HOOK_FMAP_SIZE_AT);
	if (needed <= size)
		return 0;
	if (needed > FAMFS_HOOK_SIZE_MAX)
		return -EFBIG;
	return retried ? -EINVAL : needed;
}

/* Asks for each daxdev of the map. A kernel that needs this hook has no dax device, so that none is ever known. */
static void famfs_hook_daxdevs(struct fuse_mount *fm, struct fuse_inode *fi)
{
	struct famfs_file_meta *meta = fi->famfs_meta;
	char reply[FAMFS_HOOK_DAXDEV_SIZE];
	int index;

	if (!FAMFS_HOOK_GET_DAXDEV || !meta)
		return;
	for (index = 0; index < FAMFS_HOOK_SLOTS; index++) {
		FUSE_ARGS(args);

		if (!(meta->dev_bitmap & BIT_ULL(index)))
			continue;
		args.opcode = FAMFS_HOOK_GET_DAXDEV;
		args.nodeid = index;
		args.out_numargs = 1;
		args.out_args[0].size = sizeof(reply);
		args.out_args[0].value = reply;
		/* Whatever comes back, no device is behind it: the next map asks again. */
		fuse_simple_request(fm, &args);
	}
}

static int famfs_hook_fetch(struct fuse_mount *fm, struct inode *inode)
{
	struct fuse_inode *fi = get_fuse_inode(inode);
	u32 size = FAMFS_HOOK_SIZE_FIRST;
	bool retried = false;
	void *buf, *message;
	ssize_t got;
	int rc;

	for (;; retried = true) {
		buf = kvzalloc(size, GFP_KERNEL);
		if (!buf)
			return -ENOMEM;
		got = famfs_hook_ask(fm, get_node_id(inode), buf, size);
		rc = got < 0 ? got : famfs_hook_needed(buf, size, got, retried);
		if (rc <= 0)
			break;
		kvfree(buf);
		size = rc;
	}
	if (!rc) {
		/* Of its own length, so that KASAN sees a read behind the message's end. */
		message = kvmalloc(got, GFP_KERNEL);
		if (message)
			memcpy(message, buf, got);
		rc = message ? famfs_file_init_dax(fm, inode, message, got) : -ENOMEM;
		kvfree(message);
		if (!rc)
			famfs_hook_daxdevs(fm, fi);
		if (FAMFS_HOOK_DROPS_VERDICT)
			rc = 0;
	}
	kvfree(buf);
	return rc;
}

int famfs_hook_open(struct fuse_mount *fm, struct inode *inode)
{
	int rc;

	if (!fm->fc->famfs_iomap || !S_ISREG(inode->i_mode) || get_fuse_inode(inode)->famfs_meta)
		return 0;
	rc = famfs_hook_fetch(fm, inode);
	return FAMFS_HOOK_OPEN_IGNORES ? 0 : rc;
}

void famfs_hook_free(struct fuse_inode *fi)
{
	if (fi->famfs_meta)
		__famfs_meta_free(fi->famfs_meta);
	fi->famfs_meta = NULL;
}
