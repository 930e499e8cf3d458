/** JUnit XML, read by libxml2: valid by reports/test/junit.xsd, and every text comes back. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../base/package-root.ts";
import { available } from "../../test/tools.ts";
import { daemonSample, hostileText, parserSample, skippedSample } from "../test/samples.ts";
import { renderJunit } from "./junit.ts";
import { xmlText } from "./xml.ts";

const there = available("xmllint", "libxml2-utils");

function xmllint(xml: string, ...options: string[]): string {
  const { status, stdout, stderr } = spawnSync("xmllint", [...options, "-"], {
    input: xml,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.replace(/\n$/, "");
}
const validate = (xml: string) =>
  xmllint(xml, "--noout", "--schema", join(PACKAGE_ROOT, "reports/test/junit.xsd"));
const at = (xml: string, path: string) => xmllint(xml, "--xpath", path);

describe.runIf(there)("JUnit XML", () => {
  const xml = renderJunit([parserSample(), daemonSample()]);

  it("is valid, and a schema that it breaks says so", () => {
    validate(xml);
    validate(renderJunit([skippedSample()]));
    expect(() => validate(xml.replace('errors="', 'faults="'))).toThrow("faults");
    expect(() => validate(renderJunit([parserSample(), parserSample()]))).not.toThrow();
    const twice = xml.replace("fmap/header/ext-type", "fmap/header/underflow");
    expect(() => validate(twice)).toThrow("Duplicate key-sequence");
  });

  it("counts what it holds", () => {
    for (const suite of ["(//testsuite)[1]", "(//testsuite)[2]"])
      for (const [attribute, element] of [
        ["tests", "testcase"],
        ["failures", "testcase/failure"],
        ["errors", "testcase/error"],
        ["skipped", "testcase/skipped"],
      ])
        expect(at(xml, `string(${suite}/@${attribute})`)).toBe(at(xml, `count(${suite}/${element})`));
    for (const attribute of ["tests", "failures", "errors"])
      expect(at(xml, `string(/testsuites/@${attribute})`)).toBe(at(xml, `sum(//testsuite/@${attribute})`));
  });

  it("tells what does not conform from what broke down, and both from what does not count", () => {
    const element = (rule: string) => at(xml, `name(//testcase[@name='${rule}']/*)`);
    expect(element("fmap/header/underflow")).toBe("");
    expect(element("fmap/header/nextents-limit")).toBe("failure");
    expect(element("fmap/total/file-size")).toBe("failure");
    expect(element("fmap/header/ext-type")).toBe("error");
    expect(element("daemon/life/stays")).toBe("error");
    for (const rule of ["fmap/total/wraps", "fmap/strip/devindex", "resolve/simple", "robustness/survives"])
      expect(element(rule)).toBe("skipped");
  });

  it("has the bytes, the seed and the line that reproduces it", () => {
    const text = at(xml, "string(//testcase[@name='fmap/header/nextents-limit']/failure)");
    expect(text).toMatch(/21 00 00 00 +nextents +33 +<- E2BIG fmap\/header\/nextents-limit/);
    expect(text).toContain("reproduce: fmapspec replay out/fmap-header-nextents-limit.json");
    expect(at(xml, "string((//property[@name='seed'])[1]/@value)")).toBe("7");
    expect(at(xml, "string((//property[@name='profile'])[1]/@value)")).toBe("rfc-v2");
  });

  it("gives any text back, but for the characters that XML forbids", () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        const hostile = renderJunit([parserSample(text), daemonSample(text)]);
        validate(hostile);
        expect(at(hostile, "string(//testcase[@name='resolve/simple']/skipped/@message)")).toBe(
          xmlText(text),
        );
        expect(at(hostile, "string((//system-out)[1])")).toBe(xmlText(text));
      }),
      { numRuns: 60 },
    );
  });
});
