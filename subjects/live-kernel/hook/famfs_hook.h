/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a stock fs/fuse calls so that it speaks GET_FMAP as one revision of the famfs series does. famfs_profile.h, which is
 * written for each revision, has the numbers.
 */
#ifndef FAMFS_HOOK_H
#define FAMFS_HOOK_H

/* Bits of INIT's flags that the kernel adds to its offer. */
u64 famfs_hook_offer(void);
/* Whether the server agreed, by the flags of its answer. */
bool famfs_hook_agreed(u64 flags);
/* Called when open(2) was granted by the server; what it returns is what open(2) comes to. */
int famfs_hook_open(struct fuse_mount *fm, struct inode *inode);
/* Called when the inode is freed. */
void famfs_hook_free(struct fuse_inode *fi);

#endif
