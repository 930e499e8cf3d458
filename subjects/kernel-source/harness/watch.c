/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* for the names of the registers */
#include "watch.h"
#include <fcntl.h>
#include <sanitizer/asan_interface.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>
#include "reply.h"
#include "sites.h"

struct watch watch;

/* A parser that runs through memory is stopped after this many reports for one message. */
enum { ENOUGH = 10000 };

static sigjmp_buf way_out;
static volatile sig_atomic_t inside;

void watch_open(void)
{
	watch = (struct watch){ 0 };
}

bool watch_survives(void (*step)(void))
{
	bool survived = sigsetjmp(way_out, 0) == 0;
	if (survived) {
		inside = 1;
		step();
	}
	inside = 0;
	return survived;
}

static _Noreturn void leave(void)
{
	siglongjmp(way_out, 1);
}

static void count(uint32_t *reports, uint32_t *first_site, uint32_t site)
{
	if ((*reports)++ == 0)
		*first_site = site;
}

/* UndefinedBehaviorSanitizer: the record of every check starts with the place; the rest is not needed. */

static void shift(const struct place *place)
{
	count(&watch.shifts, &watch.shift_site, site_in_source("shift-out-of-bounds", *place));
}

static void other(const char *kind, const struct place *place)
{
	count(&watch.other_ub, &watch.other_ub_site, site_in_source(kind, *place));
}

void __ubsan_handle_shift_out_of_bounds(const struct place *place) { shift(place); }

#define UBSAN(check, kind) \
	void __ubsan_handle_##check(const struct place *place) { other(kind, place); }
UBSAN(add_overflow, "add-overflow")
UBSAN(sub_overflow, "sub-overflow")
UBSAN(mul_overflow, "mul-overflow")
UBSAN(negate_overflow, "negate-overflow")
UBSAN(pointer_overflow, "pointer-overflow")
UBSAN(out_of_bounds, "index-out-of-bounds")
UBSAN(type_mismatch_v1, "null-or-misaligned-access")
UBSAN(alignment_assumption, "alignment-assumption")
UBSAN(load_invalid_value, "invalid-value")
UBSAN(vla_bound_not_positive, "vla-bound")
UBSAN(float_cast_overflow, "float-cast-overflow")
UBSAN(implicit_conversion, "implicit-conversion")
UBSAN(function_type_mismatch, "function-type-mismatch")
UBSAN(invalid_builtin, "invalid-builtin-argument")
UBSAN(nonnull_arg, "null-argument")

void __ubsan_handle_nonnull_return_v1(const void *unused, const struct place *place)
{
	(void)unused;
	other("null-return", place);
}

/* The processor traps on these, or the code cannot continue: in a kernel they end the task. */
#define UBSAN_FATAL(check, kind) \
	void __ubsan_handle_##check(const struct place *place) { other(kind, place); leave(); }
UBSAN_FATAL(divrem_overflow, "division-by-zero")
UBSAN_FATAL(builtin_unreachable, "unreachable")
UBSAN_FATAL(missing_return, "missing-return")

void watch_kernel(const char *kind, const char *file, uint32_t line)
{
	other(kind, &(struct place){ file, line, 0 });
}

_Noreturn void watch_bug(const char *file, uint32_t line)
{
	watch_kernel("BUG", file, line);
	leave();
}

/* AddressSanitizer: a failed check calls us instead of the runtime, which makes the text once for each place. */

static char kind_of_error[64];
static bool asking;

static void bad_access(const void *address, bool is_write, size_t size, uintptr_t pc)
{
	uint32_t site = site_of_code(pc);
	if (!site) {
		void *frame = __builtin_frame_address(0);
		asking = true;
		__asan_report_error((void *)pc, frame, frame, (void *)address, is_write, size);
		asking = false;
		site = site_in_code(kind_of_error, pc);
	}
	count(&watch.asan, &watch.asan_site, site);
	if (inside && (is_write || watch.asan >= ENOUGH))
		leave(); /* before it overwrites the data of malloc() */
}

/* One byte before the return address is inside the call, which has the right line number. */
#define CALLER ((uintptr_t)__builtin_return_address(0) - 1)
#define ASAN(access, is_write, size) \
	void __asan_report_##access##size##_noabort(const void *address) { bad_access(address, is_write, size, CALLER); }
#define ASAN_ALL(access, is_write) \
	ASAN(access, is_write, 1) ASAN(access, is_write, 2) ASAN(access, is_write, 4) \
	ASAN(access, is_write, 8) ASAN(access, is_write, 16) \
	void __asan_report_##access##_n_noabort(const void *address, size_t size) \
	{ \
		bad_access(address, is_write, size, CALLER); \
	}
ASAN_ALL(load, false)
ASAN_ALL(store, true)

/* The runtime itself reports errors inside memcpy() and similar functions; the caller is the first frame of the source. */
static void runtime_reported(const char *text)
{
	extern const char __executable_start[], etext[];
	const char *kind = strstr(text, "AddressSanitizer: ");
	sscanf(kind ? kind + strlen("AddressSanitizer: ") : "report", "%63s", kind_of_error);
	if (asking)
		return;
	uintptr_t pc = 0;
	for (const char *frame = strstr(text, " #"); frame; frame = strstr(frame + 1, " #")) {
		if (sscanf(frame, " #%*u %lx", &pc) == 1 && pc > (uintptr_t)__executable_start && pc < (uintptr_t)etext)
			break;
	}
	count(&watch.asan, &watch.asan_site, site_in_code(kind_of_error, pc - 1));
}

void watch_free(const void *pointer, const void *caller)
{
	const char *kind = __asan_address_is_poisoned(pointer) ? "double-free" : "bad-free";
	count(&watch.asan, &watch.asan_site, site_in_code(kind, (uintptr_t)caller - 1));
}

/* Faults of the machine */

static void fault(int signal_number, siginfo_t *info, void *context)
{
	(void)info;
	if (!inside) {
		reply_flush();
		signal(signal_number, SIG_DFL);
		return;
	}
#if defined __x86_64__
	uintptr_t pc = (uintptr_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
#elif defined __aarch64__
	uintptr_t pc = (uintptr_t)((ucontext_t *)context)->uc_mcontext.pc;
#else
#error "the register that holds the program counter is not known for this machine"
#endif
	const char *kind = signal_number == SIGFPE ? "division-fault" : signal_number == SIGILL ? "trap" : "memory-fault";
	count(&watch.asan, &watch.asan_site, site_in_code(kind, pc));
	leave();
}

/* The runtime ends the program because its data is damaged, for example by a memcpy() past an end. */
static void dying(void)
{
	fprintf(stderr, "fmapspec harness: AddressSanitizer cannot go on after %s\n", kind_of_error);
	reply_flush();
}

const char *__asan_default_options(void)
{
	return "halt_on_error=0:suppress_equal_pcs=0:detect_leaks=0:symbolize=0:malloc_context_size=0:"
	       "quarantine_size_mb=2:thread_local_quarantine_size_kb=256:allocator_may_return_null=1:"
	       "detect_stack_use_after_return=0:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0";
}

__attribute__((constructor)) static void begin(void)
{
	struct sigaction action = { .sa_sigaction = fault, .sa_flags = SA_SIGINFO | SA_NODEFER };
	const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL };
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		sigaction(faults[i], &action, NULL);
	__asan_set_error_report_callback(runtime_reported);
	__sanitizer_set_death_callback(dying);
	__sanitizer_set_report_fd((void *)(intptr_t)open("/dev/null", O_WRONLY | O_CLOEXEC));
}
