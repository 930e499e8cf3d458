/* SPDX-License-Identifier: Apache-2.0 */
/* The places of all reports, each once, numbered from 1. */
#pragma once
#include <stdint.h>

/* A place in the source, in the format of UndefinedBehaviorSanitizer; column 0 is unknown. */
struct place {
	const char *file;
	uint32_t line, column;
};

uint32_t site_in_source(const char *kind, struct place place);
/* The site of an address in the program; its line is looked up only for the table. */
uint32_t site_in_code(const char *kind, uintptr_t pc);
/* The site of an address, 0 if there was no report. */
uint32_t site_of_code(uintptr_t pc);
