import { type Manifest, type ManifestJson, manifestFromJson, manifestProblems } from "../spec/index.ts";
import { UsageError } from "./errors.ts";
import { misfit } from "./schema-check.ts";

/** Reads a manifest from a JSON value; `name` stands in messages. Throws UsageError that names the faulty place. */
export function checkedManifest(json: unknown, name: string): Manifest {
  const wrong = misfit("manifest", json);
  if (wrong !== null) throw new UsageError(`${name} is no manifest: ${wrong}`);
  const problems = manifestProblems(json as ManifestJson);
  if (problems.length > 0) throw new UsageError(`${name}: ${problems.join("; ")}`);
  return manifestFromJson(json as ManifestJson);
}
