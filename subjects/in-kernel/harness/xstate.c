// SPDX-License-Identifier: Apache-2.0
/*
 * Loaded into a User Mode Linux, in front of the C library's ptrace(2).
 *
 * Kernels before 6.13 keep a task's vector registers in a buffer of a fixed size, 2696 bytes in 6.1. A processor with
 * AMX has 11008 bytes of them, and the host refuses to set less than all (EFAULT): the guest's init then dies of
 * SIGSEGV. Here the host gets the whole: what the guest keeps, and zeroes for registers that none of its tasks may use
 * before it asks for them with arch_prctl(2).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

#define MOST_BYTES 65536

typedef long (*ptrace_fn)(enum __ptrace_request, pid_t, void *, void *);

/* The host's size, known after the first read: a task's registers are read before they are set. */
static size_t host_bytes;
/* A User Mode Linux asks from one thread. */
static unsigned char whole[MOST_BYTES];

static long get_state(ptrace_fn next, pid_t pid, void *kind, struct iovec *guest)
{
	struct iovec host = { whole, sizeof(whole) };
	long result;

	if (host_bytes != 0 && host_bytes <= guest->iov_len)
		return next(PTRACE_GETREGSET, pid, kind, guest);
	result = next(PTRACE_GETREGSET, pid, kind, &host);
	if (result != 0)
		return result;
	host_bytes = host.iov_len;
	if (guest->iov_len > host.iov_len)
		guest->iov_len = host.iov_len;
	memcpy(guest->iov_base, whole, guest->iov_len);
	return 0;
}

static long set_state(ptrace_fn next, pid_t pid, void *kind, struct iovec *guest)
{
	struct iovec host = { whole, host_bytes };

	if (host_bytes <= guest->iov_len)
		return next(PTRACE_SETREGSET, pid, kind, guest);
	memcpy(whole, guest->iov_base, guest->iov_len);
	return next(PTRACE_SETREGSET, pid, kind, &host);
}

long ptrace(enum __ptrace_request request, ...)
{
	static ptrace_fn next;
	va_list args;
	pid_t pid;
	void *addr, *data;

	va_start(args, request);
	pid = va_arg(args, pid_t);
	addr = va_arg(args, void *);
	data = va_arg(args, void *);
	va_end(args);
	if (next == NULL)
		next = (ptrace_fn)dlsym(RTLD_NEXT, "ptrace");
	if (addr == (void *)NT_X86_XSTATE && request == PTRACE_GETREGSET)
		return get_state(next, pid, addr, data);
	if (addr == (void *)NT_X86_XSTATE && request == PTRACE_SETREGSET)
		return set_state(next, pid, addr, data);
	return next(request, pid, addr, data);
}
