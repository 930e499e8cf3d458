/**
 * The one place where tests and the bench find a kernel to boot: FMAPSPEC_UML names its source (a tree or an archive),
 * FMAPSPEC_UML_CACHE the folder that keeps what was built.
 */
import { tmpdir } from "node:os";
import { join } from "node:path";

export const UML_SOURCE: string | undefined = process.env.FMAPSPEC_UML;
export const UML_CACHE: string = process.env.FMAPSPEC_UML_CACHE ?? join(tmpdir(), "fmapspec-uml");
