/* SPDX-License-Identifier: Apache-2.0 */
#include "sites.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "watch.h"

enum { MOST_SITES = 256 }; /* far more than a parser has faulty lines; the last site is shared by all others */

static struct site {
	char *kind;
	struct place place; /* of the source; without one, `pc` counts */
	uintptr_t pc;
} sites[MOST_SITES];
static uint32_t nsites;

static uint32_t added(const char *kind, struct place place, uintptr_t pc)
{
	if (nsites < MOST_SITES)
		sites[nsites++] = (struct site){ strdup(kind), place, pc };
	return nsites;
}

uint32_t site_in_source(const char *kind, struct place place)
{
	for (uint32_t i = 0; i < nsites; i++) {
		const struct place *known = &sites[i].place;
		if (known->line == place.line && known->column == place.column && known->file &&
		    !strcmp(known->file, place.file) && !strcmp(sites[i].kind, kind))
			return i + 1;
	}
	return added(kind, place, 0);
}

uint32_t site_of_code(uintptr_t pc)
{
	for (uint32_t i = 0; i < nsites; i++)
		if (sites[i].pc == pc && !sites[i].place.file)
			return i + 1;
	return 0;
}

uint32_t site_in_code(const char *kind, uintptr_t pc)
{
	uint32_t known = site_of_code(pc);
	return known ? known : added(kind, (struct place){ 0 }, pc);
}

static void read_line(FILE *from, char *line, int room)
{
	if (!fgets(line, room, from))
		*line = 0;
	line[strcspn(line, " \n")] = 0; /* a blank precedes "(discriminator 2)" */
}

/* addr2line is installed with the linker. Code that a compiler merged has no line, but a function. */
static void print_line_of(FILE *out, uintptr_t pc)
{
	char command[128], function[256] = "", place[512] = "";
	snprintf(command, sizeof command, "addr2line -f -e /proc/%d/exe 0x%lx 2>/dev/null", getpid(), (long)pc);
	FILE *pipe = popen(command, "r");
	if (pipe) {
		read_line(pipe, function, sizeof function);
		read_line(pipe, place, sizeof place);
		pclose(pipe);
	}
	char *line = strrchr(place, ':'), *folder = strrchr(place, '/');
	if (!line || *place == '?') {
		fprintf(out, "0x%lx", (long)pc);
		return;
	}
	*line++ = 0;
	fprintf(out, "%s:%s", folder ? folder + 1 : place, *line == '?' || *line == '0' ? function : line);
}

char *watch_sites(size_t *length)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, length);
	for (uint32_t i = 0; i < nsites; i++) {
		const struct place *place = &sites[i].place;
		fprintf(out, "%s ", sites[i].kind);
		if (!place->file)
			print_line_of(out, sites[i].pc);
		else if (place->column)
			fprintf(out, "%s:%u:%u", place->file, place->line, place->column);
		else
			fprintf(out, "%s:%u", place->file, place->line);
		fputc('\n', out);
	}
	fclose(out);
	return text;
}
