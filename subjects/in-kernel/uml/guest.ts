import { spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** One command of a guest. What it prints goes to NAME.out and NAME.err, its exit status to NAME.status. */
export interface GuestJob {
  readonly name: string;
  /** Modules to load first. */
  readonly modules: readonly string[];
  /** Shell words, or a line for the shell. */
  readonly command: readonly string[] | string;
}

export interface Boot {
  /** The kernel's image. */
  readonly image: string;
  /** A library that is loaded into the kernel's program. */
  readonly preload: string;
  /** The guest's folder, which it sees as OUTPUT. */
  readonly folder: string;
  readonly jobs: readonly GuestJob[];
  /** For the kernel's command line, beside what every guest has. */
  readonly parameters: readonly string[];
  /** The processor that all of the guest runs on: its tasks call each other by ptrace, and one that sleeps is slow to wake. */
  readonly core: number;
  /** Milliseconds after which it is killed. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/** What came of one job; null: the guest did not come to its end. */
type JobStatus = number | null;

export interface Booted {
  /** The guest's folder. */
  readonly folder: string;
  readonly statuses: ReadonlyMap<string, JobStatus>;
  /** What the kernel printed. */
  readonly console: string;
  /** Why the guest ended before its jobs; null: it did not. */
  readonly died: string | null;
}

/** Where a guest sees its folder: below what it mounts over the host's /run. */
export const OUTPUT = "/run/out";

const MEMORY = "512M";

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/**
 * Credits the random pool (RNDADDENTROPY): User Mode Linux 6.1 finds no entropy by itself, and Node waits for it forever.
 * Nothing that is secret happens in a guest.
 */
const ENTROPY =
  `perl -e 'open my $r, "+<", "/dev/urandom" or die; ` +
  `ioctl($r, 0x40085203, pack("iia512", 4096, 512, rand() x 64)) or die $!'`;

/** reboot(2): User Mode Linux has no sysrq, few hosts have a poweroff that needs no init, and Node takes a second to start in it. */
const POWER_OFF = "sync; perl -e 'syscall(169, 0xfee1dead, 672274793, 0x4321fedc)'";

/** The guest's init, over the host's own files: only /proc, /sys, /dev and /run are its own. */
function initScript(folder: string, jobs: readonly GuestJob[]): string {
  const lines = jobs.flatMap(({ name, modules, command }) => [
    ...modules.map((path) => `insmod ${quoted(path)} 2>> ${name}.err`),
    `( ${typeof command === "string" ? command : command.map(quoted).join(" ")} ) > ${name}.out 2>> ${name}.err < /dev/null`,
    `echo $? > ${name}.status`,
  ]);
  return [
    "#!/bin/sh",
    `export PATH=${quoted(`${dirname(process.execPath)}:/usr/sbin:/usr/bin:/sbin:/bin`)} HOME=/run TMPDIR=/run CI=true`,
    "mount -t proc proc /proc",
    "mount -t sysfs sys /sys",
    "mount -t devtmpfs dev /dev",
    "mount -t debugfs debug /sys/kernel/debug",
    "mount -t tmpfs run /run",
    ENTROPY,
    `mkdir ${OUTPUT}`,
    `mount -t hostfs -o ${quoted(folder)} out ${OUTPUT}`,
    `cd ${OUTPUT}`,
    ...lines,
    "dmesg > dmesg",
    POWER_OFF,
    "",
  ].join("\n");
}

/** Whether programs may not be mapped from there, as in most containers. */
const isNoExec = async (path: string): Promise<boolean> =>
  new RegExp(`^\\S+ ${path} \\S+ \\S*\\bnoexec\\b`, "m").test(await readFile("/proc/mounts", "utf8"));

/** Boots the kernel over the host's root folder, read-only, and has the jobs run one after the other. */
export async function bootGuest({
  image,
  preload,
  folder,
  jobs,
  parameters,
  core,
  deadline,
  signal,
}: Boot): Promise<Booted> {
  await mkdir(folder, { recursive: true });
  for (const { name } of jobs) await rm(join(folder, `${name}.status`), { force: true });
  const init = join(folder, "init");
  await writeFile(init, initScript(folder, jobs), { mode: 0o755 });
  const { console, late } = await runKernel(
    [
      ...["taskset", "--cpu-list", `${core}`, image],
      `mem=${MEMORY}`,
      "rootfstype=hostfs",
      "rootflags=/",
      "ro",
      `init=${init}`,
      `uml_dir=${folder}/`,
      "con0=null,fd:1",
      "con=null",
      "kunit.enable=1",
      "kunit.autorun=1",
      "kasan_multi_shot",
      "log_buf_len=4M",
      "seccomp=auto",
      ...parameters,
    ],
    { LD_PRELOAD: preload, TMPDIR: (await isNoExec("/dev/shm")) ? folder : "/dev/shm" },
    deadline,
    signal,
  );
  await writeFile(join(folder, "console"), console);
  const statuses = new Map<string, JobStatus>();
  for (const { name } of jobs)
    statuses.set(name, statusIn(await readFile(join(folder, `${name}.status`), "utf8").catch(() => "")));
  const ended = [...statuses.values()].every((status) => status !== null);
  return {
    folder,
    statuses,
    console,
    died: ended ? null : late ? `killed after ${deadline / 1000} s` : causeIn(console),
  };
}

const statusIn = (text: string): JobStatus => (/^\d+\n/.test(text) ? Number(text) : null);

/** What a kernel said last that explains its end. */
const causeIn = (console: string): string =>
  /Kernel panic[^\n]*/.exec(console)?.[0] ?? "the kernel ended before its jobs did";

/** A process group of its own: User Mode Linux has a process for each of its tasks. */
function runKernel(
  [command = "", ...args]: readonly string[],
  environment: Readonly<Record<string, string>>,
  deadline: number,
  signal: AbortSignal,
): Promise<{ console: string; late: boolean }> {
  return new Promise((done) => {
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      env: { ...process.env, ...environment },
    });
    let console = "";
    let late = false;
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        // A kernel that complains without end is no reason to run out of memory.
        console = `${console}${chunk}`.slice(-MOST_CONSOLE);
      });
    const kill = () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    };
    const timer = setTimeout(() => {
      late = true;
      kill();
    }, deadline);
    signal.addEventListener("abort", kill);
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", kill);
      done({ console, late });
    };
    child.once("error", (error) => {
      console += error.message;
      end();
    });
    child.once("close", end);
  });
}

const MOST_CONSOLE = 4 << 20;
