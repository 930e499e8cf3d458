/** FUSE libraries and programs of today, which today.sh has put into a folder. */
import type { Program } from "./table.ts";

/** Where they are; null: nowhere. */
export const TODAY = process.env.FMAPSPEC_TODAY ?? null;

const EXAMPLES: readonly (readonly [string, string])[] = [
  ["hello", "-f {mountpoint}"],
  ["hello_ll", "-f {mountpoint}"],
  ["passthrough", "-f -o modules=subdir,subdir=FOLDER/tree {mountpoint}"],
  ["passthrough_fh", "-f -o modules=subdir,subdir=FOLDER/tree {mountpoint}"],
  ["passthrough_ll", "-f -o source=FOLDER/tree {mountpoint}"],
  ["notify_inval_entry", "-f --update-interval=1 {mountpoint}"],
  ["notify_inval_entry", "-f --update-interval=1 --only-expire {mountpoint}"],
  ["notify_inval_inode", "-f --update-interval=1 {mountpoint}"],
  ["notify_store_retrieve", "-f --update-interval=1 {mountpoint}"],
  ["invalidate_path", "-f {mountpoint}"],
];

/** Debian 13 has libfuse 3.17, which answers INIT with minor 40; unstable has 3.18, with 45. */
export function programsOf(today: string): readonly Program[] {
  const program = (name: string, file: string, command: string, more: Partial<Program> = {}): Program => ({
    name,
    from: "13 and unstable in the folder of FMAPSPEC_TODAY, which suites/daemon/test/programs/today.sh fills",
    needs: [`${today}/complete-1`, `${today}/${file}`],
    command: command.replaceAll("TODAY", today),
    via: "direct",
    ...more,
  });
  const all = ["debian13", "unstable"].flatMap((suite) => {
    const run = `TODAY/${suite}/run`;
    return [
      ...EXAMPLES.map(([name, options]) =>
        program(
          `${suite}: ${name} ${options}`,
          `${suite}/examples/${name}`,
          `${run} TODAY/${suite}/examples/${name} ${options}`,
        ),
      ),
      program(
        `${suite}: gocryptfs`,
        `${suite}/usr/bin/gocryptfs`,
        `${run} TODAY/${suite}/usr/bin/gocryptfs -fg -q -passfile FOLDER/password FOLDER/cipher {mountpoint}`,
      ),
    ];
  });
  const python = "debian13/usr/bin/python3.13";
  return [
    ...all,
    program(
      "unstable: rclone",
      "unstable/usr/bin/rclone",
      "TODAY/unstable/run TODAY/unstable/usr/bin/rclone mount --config /dev/null FOLDER/tree {mountpoint}",
      { via: "fusermount" },
    ),
    program(
      "debian13: pyfuse3",
      python,
      `env PYTHONHOME=TODAY/debian13/usr PYTHONPATH=TODAY/debian13/usr/lib/python3/dist-packages TODAY/debian13/run TODAY/${python} HERE/llfuse_tree.py pyfuse3 {mountpoint}`,
      { warnings: ["daemon/tree/statfs"] },
    ),
    program("unstable: fuser", "fuser/target/release/tree", "TODAY/fuser/target/release/tree {mountpoint}", {
      via: "fusermount",
    }),
  ];
}
