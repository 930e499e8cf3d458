import type { Part } from "../part.ts";
import { contest } from "./contest.ts";
import { daemons } from "./daemons.ts";
import { drivers } from "./drivers.ts";
import { engines } from "./engines.ts";
import { oracle } from "./oracle.ts";
import { startup } from "./startup.ts";

export const PARTS: Readonly<Record<string, Part>> = { oracle, engines, drivers, daemons, startup, contest };
