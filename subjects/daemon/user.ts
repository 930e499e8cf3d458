import { execFileSync } from "node:child_process";
import { SubjectError } from "../../base/errors.ts";

/** Whom a daemon runs as. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

const ask = (flag: "-u" | "-g", name: string): number =>
  Number(execFileSync("id", [flag, "--", name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));

/**
 * The user of that name, or null if that is who we are anyway. Throws SubjectError if there is none or we may not
 * start a process as another.
 */
export function userNamed(name: string): User | null {
  let user: User;
  try {
    user = { uid: ask("-u", name), gid: ask("-g", name) };
  } catch {
    throw new SubjectError(`cannot start the daemon as '${name}': there is no such user`);
  }
  const own = process.getuid?.();
  if (user.uid === own) return null;
  if (own !== 0) throw new SubjectError(`cannot start the daemon as '${name}': no permission; only root may`);
  return user;
}
