import { isHostName, isUuid } from "../../lib/core/formats";

const LABEL = "a".repeat(63);

test.each([
  "db",
  "db.acme.svc",
  "1.db",
  "x--y.example",
  LABEL,
  [LABEL, LABEL, LABEL, "a".repeat(61)].join("."),
])("a host name: %s", (text) => {
  expect(isHostName(text)).toBe(true);
});

test.each([
  "",
  ".",
  "db.",
  ".db",
  "-db",
  "db-",
  "a..b",
  "DB",
  "*.acme.svc",
  "a_b",
  "10.0.0.1",
  "10",
  "a b",
  "db\n",
  "a".repeat(64),
  [LABEL, LABEL, LABEL, "a".repeat(62)].join("."),
])("no host name: '%s'", (text) => {
  expect(isHostName(text)).toBe(false);
});

test("a UUID is in lower case and whole", () => {
  const id = "0a1b2c3d-0000-4111-8222-abcdefabcdef";
  expect(isUuid(id)).toBe(true);
  for (const text of [id.toUpperCase(), id.slice(1), `${id}0`, ` ${id}`, id.replaceAll("-", ""), `${id}\n`])
    expect([text, isUuid(text)]).toEqual([text, false]);
});
