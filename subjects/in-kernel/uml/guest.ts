import { spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** One command of a guest. Its output goes to NAME.out and NAME.err, its exit status to NAME.status. */
export interface GuestJob {
  readonly name: string;
  /** Modules to load first. */
  readonly modules: readonly string[];
  /** Words of a command, or a shell line. */
  readonly command: readonly string[] | string;
}

export interface Boot {
  /** The kernel's image. */
  readonly image: string;
  /** A library to load into the kernel's program. */
  readonly preload: string;
  /** The guest's folder on the host; OUTPUT in the guest. */
  readonly folder: string;
  readonly jobs: readonly GuestJob[];
  /** Additional words for the kernel's command line. */
  readonly parameters: readonly string[];
  /** The processor for the whole guest: its tasks call each other by ptrace, and a sleeping processor wakes slowly. */
  readonly core: number;
  /** Milliseconds after which the guest is killed. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/** The exit status of a job; null: the guest did not finish it. */
type JobStatus = number | null;

export interface Booted {
  /** The guest's folder. */
  readonly folder: string;
  readonly statuses: ReadonlyMap<string, JobStatus>;
  /** The kernel's output. */
  readonly console: string;
  /** Why the guest ended before its jobs; null: they all ended. */
  readonly died: string | null;
}

/** The guest's folder as a path in the guest, which mounts its own /run. */
export const OUTPUT = "/run/out";

const MEMORY = "512M";

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/**
 * Credits the random pool (RNDADDENTROPY), because User Mode Linux 6.1 has no entropy and Node would wait for it forever.
 * A guest has no secrets.
 */
const ENTROPY =
  `perl -e 'open my $r, "+<", "/dev/urandom" or die; ` +
  `ioctl($r, 0x40085203, pack("iia512", 4096, 512, rand() x 64)) or die $!'`;

/** reboot(2), because User Mode Linux has no sysrq, few hosts have a poweroff without init, and Node needs a second to start. */
const POWER_OFF = "sync; perl -e 'syscall(169, 0xfee1dead, 672274793, 0x4321fedc)'";

/** The guest's init. The guest uses the host's files; only /proc, /sys, /dev and /run are its own. */
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

/** Whether the folder forbids mapping programs, as in most containers. */
const isNoExec = async (path: string): Promise<boolean> =>
  new RegExp(`^\\S+ ${path} \\S+ \\S*\\bnoexec\\b`, "m").test(await readFile("/proc/mounts", "utf8"));

/** Boots the kernel on the host's root folder, read-only, and runs the jobs one after the other. */
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

/** The line of the kernel that explains its end. */
const causeIn = (console: string): string =>
  /Kernel panic[^\n]*/.exec(console)?.[0] ?? "the kernel ended before its jobs did";

/** Runs the kernel in its own process group, because User Mode Linux has a process for each task. */
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
        // Limit the memory for a kernel that prints without end.
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
