// How long access outlives what deserved it: the sum of the lives, by wiring.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { staleness, type StalenessOptions } from "../../lib";
import { Wiring } from "../../lib/attestation/wiring";
import { ROOT } from "../support/run";

describe("how long a compromised workload keeps access", () => {
  test("is the sum of what it exchanges, each part named, in order", () => {
    const { parts, minutes } = staleness({
      evidenceMinutes: 1,
      tokenMinutes: 5,
      sessionMinutes: 4,
      certificateMinutes: 30,
      skewSeconds: 60,
    });
    expect(parts).toEqual([
      { name: "age of the evidence", minutes: 1 },
      { name: "life of the token", minutes: 5 },
      { name: "clock difference at the log-in", minutes: 1 },
      { name: "session", minutes: 4 },
      { name: "life of the certificate", minutes: 30 },
      { name: "clock difference at the peer", minutes: 1 },
    ]);
    expect(minutes).toBe(42);
  });

  test("counts clocks only where somebody looks at one, half a minute unless said", () => {
    expect(staleness({ sessionMinutes: 5 }).minutes).toBe(5);
    expect(staleness({ tokenMinutes: 5 }).minutes).toBe(5.5);
    expect(staleness({ certificateMinutes: 30 }).minutes).toBe(30.5);
    expect(staleness({}).parts).toEqual([]);
  });

  test.each(Wiring.ALL.map((one) => [one.id, one] as const))(
    "takes the token of %s from the table",
    (_, wiring) => {
      const { parts, bounded, why } = staleness({ wiring });
      const token = parts.find(({ name }) => name === "life of the token")?.minutes ?? 0;
      expect(token).toBe(wiring.tokenMinutes);
      const cell = wiring.cases.find(({ case: one }) => one.id === "staleEvidence")!;
      expect({ bounded, why }).toEqual({ bounded: cell.refused, why: cell.why });
    },
  );

  test("takes a token's life as configured before the table's", () => {
    expect(staleness({ wiring: Wiring.AZURE_ATTESTATION, tokenMinutes: 1 }).minutes).toBe(1.5);
    expect(staleness({ wiring: Wiring.AZURE_ATTESTATION, tokenMinutes: 1 }).bounded).toBe(false);
  });
});

test.each([
  ["evidenceMinutes", -1],
  ["tokenMinutes", Number.NaN],
  ["sessionMinutes", Number.POSITIVE_INFINITY],
  ["certificateMinutes", 604_800],
  ["skewSeconds", -0.5],
] as const)("%s of %s is refused, and named", (name, value) => {
  expect(() => staleness({ [name]: value } as StalenessOptions)).toThrow(
    `[STALENESS] staleness: ${name} must be`,
  );
});

test("an option nobody knows is refused", () => {
  expect(() => staleness({ certificateHours: 1 } as unknown as StalenessOptions)).toThrow("[OPTION_TYPE]");
});

test("the page's table holds each wiring with the sum the function gives", () => {
  const page = readFileSync(join(ROOT, "docs/staleness.md"), "utf8");
  const written = page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((text) => text.trim()),
    );
  expect(written).toEqual(
    Wiring.ALL.map((wiring) => {
      const inVault = wiring.relyingParty.includes("Vault") && !wiring.relyingParty.includes("Azure");
      const lives = inVault ? { sessionMinutes: 5, certificateMinutes: 30 } : {};
      const { minutes, bounded } = staleness({ wiring, ...lives });
      return [
        `\`${wiring.id}\``,
        `${wiring.tokenMinutes}`,
        `${inVault ? 5 : 0}`,
        `${inVault ? 30 : 0}`,
        `${minutes}`,
        bounded ? "yes" : "**no**",
      ];
    }),
  );
});
