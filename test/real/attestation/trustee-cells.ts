// What was tried against a Trustee whose configuration and database are as we write them.
import type { AttackedCell } from "./cell";

/** SQL that the broker's role runs on the policy, as whoever holds the broker could. */
export interface PolicyAttack extends AttackedCell {
  readonly sql: string;
}

const attack = (name: string, sql: string): PolicyAttack => ({
  wiring: "trustee-pod",
  negative: "administrator",
  refused: true,
  name,
  sql,
});

/** The admin API's calls, as the key broker of v0.21.0 puts them to Postgres, and ways around them. */
export const POLICY_ATTACKS: readonly PolicyAttack[] = [
  attack(
    "the admin API's own write of a resource policy",
    "INSERT INTO kbs (key, value) VALUES ('resource-policy.rego', 'allow') ON CONFLICT (key) DO UPDATE SET value = 'allow';",
  ),
  attack("an update of the policy", "UPDATE kbs SET value = 'allow';"),
  attack("a deletion, so that the stock policy comes back", "DELETE FROM kbs;"),
  attack("an emptied table", "TRUNCATE kbs;"),
  attack("another table in its place", "DROP TABLE kbs;"),
  attack("rights of one's own", "GRANT ALL ON kbs TO CURRENT_USER; UPDATE kbs SET value = 'allow';"),
  attack("the owner's rights", "SET ROLE owner; UPDATE kbs SET value = 'allow';"),
  attack(
    "a secret in place of a tenant's",
    "INSERT INTO repository (key, value) VALUES ('acme/db/password', 'x');",
  ),
];

export const TRUSTEE_CELLS: readonly AttackedCell[] = POLICY_ATTACKS;
