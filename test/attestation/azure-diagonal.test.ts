import { NegativeCase, Wiring } from "../../lib/attestation/wiring";
import { AZURE_CELLS } from "../real/attestation/azure-cells";
import {
  BAD_TOKENS,
  machineToken,
  OFFICER,
  podOf,
  releaseKey,
  TENANTS,
  trustVaults,
} from "../support/azure-attacks";
import { id } from "../support/aks";

const vaults = trustVaults();
const genuine = machineToken();

describe("keys of five tenants, by identity and token", () => {
  const pairs = TENANTS.flatMap((owner) => TENANTS.map((asker) => [asker, owner] as const));

  test.each(pairs)("%s with a genuine machine's token and the key of %s", (asker, owner) => {
    expect(vaults.releases(podOf(asker), genuine, releaseKey(owner))).toBe(asker === owner);
  });

  test("there is one key for evidence and one for volumes each, and no other", () => {
    expect(vaults.keyIds).toHaveLength(2 * TENANTS.length);
    expect(new Set(vaults.keyIds).size).toBe(2 * TENANTS.length);
  });

  test.each(Object.keys(BAD_TOKENS))("%s opens no key to nobody", (name) => {
    const logins = [...TENANTS.map(podOf), OFFICER, undefined];
    const opened = logins.flatMap((login) =>
      vaults.keyIds.filter((key) => vaults.releases(login, BAD_TOKENS[name], key)),
    );
    expect(opened).toEqual([]);
  });

  const acme = podOf("acme") as { issuer: string; subject: string; audience: string };
  test.each([
    ["no identity", undefined],
    ["somebody without a role", { objectId: id(3) }],
    ["the same account of another cluster", { ...acme, issuer: acme.issuer.replace("9/", "8/") }],
    ["the control plane's account", { ...acme, subject: "system:serviceaccount:tenant-acme:vc-acme" }],
    [
      "the default account of the namespace",
      { ...acme, subject: "system:serviceaccount:tenant-acme:default" },
    ],
    ["a token for another audience", { ...acme, audience: "https://kubernetes.default.svc" }],
  ])("%s opens no key with a genuine machine's token", (_, login) => {
    expect(vaults.keyIds.filter((key) => vaults.releases(login, genuine, key))).toEqual([]);
  });

  test("no key for volumes leaves its vault", () => {
    const logins = [...TENANTS.map(podOf), OFFICER];
    const volumes = vaults.keyIds.filter((key) => key.includes("/keys/volumes-"));
    expect(volumes).toHaveLength(TENANTS.length);
    expect(logins.flatMap((login) => volumes.filter((key) => vaults.releases(login, genuine, key)))).toEqual(
      [],
    );
  });

  test("inside the vault nobody decrypts with a key for evidence, key officers neither", () => {
    const logins = [...TENANTS.map(podOf), OFFICER];
    const decrypted = TENANTS.map(releaseKey).filter((key) =>
      logins.some((login) => ["decrypt", "unwrapKey", "sign"].some((one) => vaults.does(login, one, key))),
    );
    expect(decrypted).toEqual([]);
    expect(vaults.does(OFFICER, "encrypt", releaseKey("acme"))).toBe(true);
  });
});

describe("the table's row", () => {
  const row = Wiring.AZURE_ATTESTATION.cases;

  test.each(AZURE_CELLS.map((cell) => [cell.negative, cell.name, cell] as const))("%s: %s", (_, __, cell) => {
    expect(cell.run(vaults)).toBe(!cell.refused);
    expect(row.find(({ case: one }) => one.id === cell.negative)?.refused).toBe(cell.refused);
  });

  test("every case of it was tried", () => {
    expect(new Set(AZURE_CELLS.map(({ negative }) => negative))).toEqual(
      new Set(NegativeCase.ALL.map(({ id: one }) => one)),
    );
    expect(AZURE_CELLS.every(({ wiring }) => wiring === Wiring.AZURE_ATTESTATION.id)).toBe(true);
  });
});
