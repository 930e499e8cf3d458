import type { Part } from "../part.ts";
import { contest } from "./contest.ts";
import { cores } from "./cores.ts";
import { daemons } from "./daemons.ts";
import { drivers } from "./drivers.ts";
import { engines } from "./engines.ts";
import { kernel } from "./kernel.ts";
import { oracle } from "./oracle.ts";
import { startup } from "./startup.ts";

export const PARTS: Readonly<Record<string, Part>> = {
  oracle,
  engines,
  drivers,
  cores,
  kernel,
  daemons,
  startup,
  contest,
};
