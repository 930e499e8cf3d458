/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * The reports of the kernel's own checkers while the parser runs. The log is read after every step, so that each report
 * belongs to its message, even a report that appears once in a boot, like those of UBSAN and WARN_ONCE.
 */
#include <linux/kernel.h>
#include <linux/kmsg_dump.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "log.h"
#include "log.h"
#include "watch.h"

struct watch watch;

enum { MOST_SITES = 64, LINE = 512 };
static char *sites[MOST_SITES];
static u32 nsites;
static u64 read_until;

static u32 site(const char *kind, const char *place)
{
	char *name = kasprintf(GFP_KERNEL, "%s %s", kind, place);

	if (!name)
		return 0;
	for (u32 i = 0; i < nsites; i++)
		if (!strcmp(sites[i], name)) {
			kfree(name);
			return i + 1;
		}
	if (nsites == MOST_SITES) {
		kfree(name);
		return MOST_SITES;
	}
	sites[nsites++] = name;
	return nsites;
}

static void count(u32 *reports, u32 *first_site, u32 where)
{
	if ((*reports)++ == 0)
		*first_site = where;
}

/* "... in FOLDER/famfs.c:157:28" or "... in famfs_file_init_dax+0x12/0x34 [module]": the kind and the place of it. */
static u32 site_of(char *report)
{
	char *place = strstr(report, " in "), *folder;

	if (!place)
		return site(report, "");
	*place = 0;
	place += 4;
	place[strcspn(place, "+ \n")] = 0;
	folder = strrchr(place, '/');
	return site(report, folder ? folder + 1 : place);
}

static void classify(char *line)
{
	static const char * const complaints[] = { "WARNING: ", "BUG: ", "INFO: possible", "suspicious RCU", "kmemleak: " };
	char *report;

	line[strcspn(line, "\n")] = 0;
	report = strstr(line, "UBSAN: ");
	if (report) {
		report += strlen("UBSAN: ");
		if (strstarts(report, "shift-out-of-bounds"))
			count(&watch.shifts, &watch.shift_site, site_of(report));
		else
			count(&watch.other_ub, &watch.other_ub_site, site_of(report));
		return;
	}
	report = strstr(line, "KASAN: ");
	if (report) {
		count(&watch.asan, &watch.asan_site, site_of(report + strlen("KASAN: ")));
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(complaints); i++) {
		report = strstr(line, complaints[i]);
		if (report) {
			count(&watch.other_ub, &watch.other_ub_site, site(report, ""));
			return;
		}
	}
}

static void read_log(bool skip)
{
	static char line[LINE];
	struct kmsg_dump_iter log;
	size_t length;

	kmsg_dump_rewind(&log);
	if (log.next_seq == read_until)
		return;
	log.cur_seq = read_until;
	read_until = log.next_seq;
	while (!skip && kmsg_dump_get_line(&log, false, line, sizeof(line) - 1, &length)) {
		line[length] = 0;
		classify(line);
	}
}

void fmapspec_log_begin(void) { read_log(true); }

void watch_open(void) { watch = (struct watch){ 0 }; }

bool watch_survives(void (*step)(void))
{
	step();
	read_log(false);
	return true; /* a step that does not return stops the kernel */
}

char *watch_sites(size_t *length)
{
	char *text = kzalloc(MOST_SITES * LINE, GFP_KERNEL);

	*length = 0;
	for (u32 i = 0; text && i < nsites; i++)
		*length += scnprintf(text + *length, MOST_SITES * LINE - *length, "%s\n", sites[i]);
	return text;
}

void fmapspec_log_end(void)
{
	while (nsites)
		kfree(sites[--nsites]);
}
