/**
 * What a User Mode Linux is configured with, on top of allnoconfig: enough for Node, the modules and a FUSE mount, and
 * the checkers. FUSE is a module, so that neither the parser nor the hook around it is part of the kernel's image.
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

/** Taken where the kernel has them: some are younger than others, some are always on there. */
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
  // Without it the call chains of KASAN and kmemleak are empty: User Mode Linux follows nothing else.
  "FRAME_POINTER",
  "KUNIT_DEFAULT_ENABLED",
] as const;

/** What sees more than the verdict; the run says which of them the kernel does not have. */
const CHECKERS = [
  "KASAN",
  "KASAN_GENERIC",
  "KASAN_INLINE",
  "UBSAN",
  "UBSAN_SHIFT",
  "UBSAN_BOUNDS",
  "DEBUG_KMEMLEAK",
  // It slows every allocation down, so that only the guest with the live mount switches it on.
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

/** Of the options asked for those that a finished .config does not have. */
export function refused(config: string): { readonly needed: string[]; readonly checkers: string[] } {
  const lines = new Set(config.split("\n"));
  const lacks = (name: string) => !lines.has(`CONFIG_${name}=y`);
  const needed: string[] = NEEDED.filter(lacks);
  return {
    needed: lines.has("CONFIG_FUSE_FS=m") ? needed : [...needed, "FUSE_FS"],
    checkers: ["KASAN", "UBSAN_SHIFT", "DEBUG_KMEMLEAK"].filter(lacks),
  };
}
