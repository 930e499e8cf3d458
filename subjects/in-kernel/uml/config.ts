/**
 * The options of a User Mode Linux on top of allnoconfig: enough for Node, the modules and a FUSE mount, and the checkers.
 * FUSE is a module, so that neither the parser nor its hook is part of the kernel's image.
 */
const NEEDED = [
  "64BIT",
  "MODULES",
  "MODULE_UNLOAD",
  "PRINTK",
  "PRINTK_TIME",
  "BUG",
  "KALLSYMS",
  "FUTEX",
  "EPOLL",
  "SIGNALFD",
  "TIMERFD",
  "EVENTFD",
  "SHMEM",
  "AIO",
  "ADVISE_SYSCALLS",
  "MEMBARRIER",
  "POSIX_TIMERS",
  "HIGH_RES_TIMERS",
  "MULTIUSER",
  "FILE_LOCKING",
  "INOTIFY_USER",
  "UNIX98_PTYS",
  "TTY",
  "NULL_CHAN",
  "NET",
  "UNIX",
  "BLOCK",
  "PROC_FS",
  "SYSFS",
  "TMPFS",
  "DEVTMPFS",
  "HOSTFS",
  "BINFMT_ELF",
  "BINFMT_SCRIPT",
  "DEBUG_KERNEL",
  "DEBUG_FS",
  "KUNIT",
  "KUNIT_DEBUGFS",
] as const;

/** Options that some kernels do not have or always have. */
const WELCOME = [
  "EXPERT",
  "STDERR_CONSOLE",
  "FD_CHAN",
  "FILE_CHAN",
  "TTY_CHAN",
  "PROC_SYSCTL",
  "RSEQ",
  "BASE_FULL",
  "DEBUG_LIST",
  // Without it the call chains of KASAN and kmemleak are empty, because User Mode Linux has no other unwinder.
  "FRAME_POINTER",
  "KUNIT_DEFAULT_ENABLED",
] as const;

/** The checkers; the run reports which of them the kernel lacks. */
const CHECKERS = [
  "KASAN",
  "KASAN_GENERIC",
  "KASAN_INLINE",
  "UBSAN",
  "UBSAN_SHIFT",
  "UBSAN_BOUNDS",
  "DEBUG_KMEMLEAK",
  // It slows down every allocation, so only the guest with the live mount switches it on.
  "DEBUG_KMEMLEAK_DEFAULT_OFF",
] as const;

/** The fragment for KCONFIG_ALLCONFIG. */
export const fragment = (): string =>
  [
    ...[...NEEDED, ...WELCOME, ...CHECKERS].map((name) => `CONFIG_${name}=y`),
    "CONFIG_FUSE_FS=m",
    "CONFIG_FRAME_WARN=0",
    "",
  ].join("\n");

/** The requested options that a finished .config lacks. */
export function refused(config: string): { readonly needed: string[]; readonly checkers: string[] } {
  const lines = new Set(config.split("\n"));
  const lacks = (name: string) => !lines.has(`CONFIG_${name}=y`);
  const needed: string[] = NEEDED.filter(lacks);
  return {
    needed: lines.has("CONFIG_FUSE_FS=m") ? needed : [...needed, "FUSE_FS"],
    checkers: ["KASAN", "UBSAN_SHIFT", "DEBUG_KMEMLEAK"].filter(lacks),
  };
}
