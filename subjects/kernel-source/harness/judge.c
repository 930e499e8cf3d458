/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Calls the source's own famfs_file_init_dax() with one message, on an inode of the harness, and observes the result. This
 * text follows the source's in one translation unit, so that it reads the map through the source's own structs.
 */
#include "judge.h"
#include <stdlib.h>
#include "reply.h"
#include "map.c"

enum { I_SIZE_BEFORE = 0x5eed };

static struct fuse_conn conn;
static struct fuse_mount mount = { &conn };
static struct super_block super = { &mount };
static struct fuse_inode file;

static struct dax_device devices[FMAPSPEC_DAXDEVS];
static struct famfs_daxdev slots[FMAPSPEC_DAXDEVS];
static struct famfs_dax_devlist table = { .nslots = FMAPSPEC_DAXDEVS, .devlist = slots };

/* The state of the steps; each step is one call into the source. */
static struct {
	uint32_t scene;
	void *message;
	size_t length;
	struct famfs_file_meta *rival; /* the map of another open */
	struct fmapspec_question question;
	struct iomap found;
	int rc;
} run;

static void rival_wins(void)
{
	if (!file.famfs_meta)
		file.famfs_meta = run.rival;
}

void inode_lock(struct inode *inode)
{
	inode->lock_depth++;
	if (run.scene == FMAPSPEC_LOST_RACE)
		rival_wins();
}

void inode_unlock(struct inode *inode)
{
	inode->lock_depth--;
}

void fmapspec_before_swap(void *place)
{
	if (run.scene == FMAPSPEC_LATE_RIVAL && place == &file.famfs_meta)
		rival_wins();
}

static void install(void) { run.rc = famfs_file_init_dax(&mount, &file.inode, run.message, run.length); }
static void discard(void) { __famfs_meta_free(file.famfs_meta); }
static void evict(void) { famfs_meta_free(&file); }

static void resolve(void)
{
#ifdef FMAPSPEC_RESOLVER
	run.rc = famfs_fileofs_to_daxofs(&file.inode, &run.found, run.question.offset, run.question.length, 0);
#else
	run.rc = -ENOSYS;
#endif
}

static struct famfs_file_meta *new_rival(void)
{
	struct famfs_file_meta *map = ledger_own(sizeof *map);
	map->se = ledger_own(sizeof *map->se);
	map->se->ext_len = map->file_size = PMD_SIZE;
	map->fm_nextents = 1;
	return map;
}

static void plug_devices(void)
{
	for (int i = 0; i < FMAPSPEC_DAXDEVS && !slots[i].valid; i++)
		slots[i] = (struct famfs_daxdev){ .valid = true, .devp = &devices[i] };
}

static void set_scene(uint32_t scene)
{
	run.scene = scene;
	run.rival = NULL;
	if (scene == FMAPSPEC_MAPPED || scene == FMAPSPEC_LOST_RACE || scene == FMAPSPEC_LATE_RIVAL)
		run.rival = new_rival();
	file = (struct fuse_inode){ .inode = { .i_size = I_SIZE_BEFORE, .i_ino = 1, .i_sb = &super } };
	if (scene == FMAPSPEC_MAPPED)
		file.famfs_meta = run.rival;
	plug_devices();
	conn = (struct fuse_conn){ .famfs_iomap = 1, .dax_devlist = &table };
}

static uint32_t map_state(void)
{
	return !file.famfs_meta ? 0 : file.famfs_meta == run.rival ? 2 : 1;
}

static bool dangles(void)
{
	return file.famfs_meta && ledger_size(file.famfs_meta) == 0;
}

static void reply_resolved(const struct fmapspec_question *question)
{
	run.question = *question;
	run.found = (struct iomap){ 0 };
	if (!watch_survives(resolve))
		run.rc = FMAPSPEC_OOPS;
	bool mapped = run.found.dax_dev;
	struct fmapspec_resolved answer = {
		.rc = run.rc,
		.mapped = mapped,
		.devindex = mapped ? run.found.dax_dev - devices : 0,
		.offset = run.found.addr,
		.length = run.found.length,
	};
	reply_bytes(&answer, sizeof answer);
}

/* Makes the file invalid between open and its first access. */
static void meddle(void)
{
	if (run.scene == FMAPSPEC_NO_TABLE)
		conn.dax_devlist = NULL;
	else if (run.scene == FMAPSPEC_SIZE_CHANGED)
		file.inode.i_size++;
	else if (run.scene == FMAPSPEC_DAX_CLEARED)
		file.inode.i_flags &= ~S_DAX;
}

void judge(const struct fmapspec_ask *ask, const struct fmapspec_question *questions, const void *bytes, size_t length)
{
	set_scene(ask->scene);
	watch_open();
	ledger_open(ask->failAllocation);
	run.length = length;
	run.message = malloc(length); /* a separate block, so that a read past its end is detected */
	memcpy(run.message, bytes, length);
	bool alive = watch_survives(install);
	free(run.message);

	struct fmapspec_observation observed = {
		.lockDepth = file.inode.lock_depth,
		.mapState = map_state(),
		.dax = IS_DAX(&file.inode) != 0,
		.dangling = dangles(),
		.iSize = file.inode.i_size,
	};
	reply_u32(alive ? run.rc : FMAPSPEC_OOPS);
	if (alive && run.rc == 0)
		reply_map(file.famfs_meta);
	size_t room = reply_room(sizeof observed);

	meddle();
	for (uint32_t i = 0; i < ask->nresolve; i++)
		reply_resolved(&questions[i]);

	if (alive && observed.mapState == 1 && !observed.dangling) {
		bool evicting = run.scene == FMAPSPEC_EVICT;
		alive = watch_survives(evicting ? evict : discard);
		if (evicting && alive)
			observed.dangling = dangles();
	}
	observed.leaked = ledger.alive;
	observed.allocations = ledger.allocations;
	observed.allocatedBytes = ledger.allocated_bytes;
	observed.shifts = watch.shifts;
	observed.shiftSite = watch.shift_site;
	observed.otherUb = watch.other_ub;
	observed.otherUbSite = watch.other_ub_site;
	observed.asan = watch.asan;
	observed.asanSite = watch.asan_site;
	reply_fill(room, &observed, sizeof observed);
	ledger_close();
}
