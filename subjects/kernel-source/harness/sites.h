/* SPDX-License-Identifier: Apache-2.0 */
/* The places at which something was reported, each once, numbered from 1. */
#pragma once
#include <stdint.h>

/* A place in the source, as UndefinedBehaviorSanitizer's checks record it; column 0 is unknown. */
struct place {
	const char *file;
	uint32_t line, column;
};

uint32_t site_in_source(const char *kind, struct place place);
/* An address in the program; which line that is will be looked up when somebody asks. */
uint32_t site_in_code(const char *kind, uintptr_t pc);
/* The site at that address, 0 if nothing was reported there. */
uint32_t site_of_code(uintptr_t pc);
