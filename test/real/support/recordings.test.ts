import type { Configuration } from "./configuration";
import { takeOutLostDescriptions } from "./lost-descriptions";
import { choices, type Recordings } from "./recordings";
import { variableValues } from "./variables";
import { meets } from "./version-constraint";

const RECORDED = [
  { name: "azurerm", version: "4.80.0" },
  { name: "azurerm", version: "4.9.0" },
  { name: "azurerm", version: "4.55.0" },
  { name: "aws", version: "5.100.0" },
];

function requiring(name: string, version: string): Configuration {
  return { terraform: { required_providers: { [name]: { source: name, version } } } };
}

describe("meets", () => {
  test.each([
    ["4.55.0", "4.55.0", true],
    ["4.55.1", "= 4.55.0", false],
    ["4.80.0", ">= 4.78.0, < 5.0.0", true],
    ["5.0.0", ">= 4.78.0, < 5.0.0", false],
    ["4.9.0", ">= 4.78.0", false],
    ["4.80.0", "~> 4.78", true],
    ["5.0.0", "~> 4.78", false],
    ["4.80.0", "~> 4.78.1", false],
    ["4.78.2", "~> 4.78.1", true],
    ["4.80.0", "!= 4.80.0", false],
    ["4.80.0", "<= 4.80, > 4.79", true],
  ])("%s and %s: %s", (version, constraint, expected) => {
    expect(meets(version, constraint)).toBe(expected);
  });

  test("what Terraform would read otherwise is refused", () => {
    expect(() => meets("4.80.0", ">= 4.78.0-beta1")).toThrow("not a version constraint of releases");
  });
});

describe("choices", () => {
  test("the lowest recorded version that meets the constraint, pinned beside the stack's own words", () => {
    expect(choices(RECORDED, requiring("azurerm", ">= 4.50.0, < 5.0.0"))).toEqual([
      {
        name: "azurerm",
        constraint: ">= 4.50.0, < 5.0.0",
        version: "4.55.0",
        pin: ">= 4.50.0, < 5.0.0, 4.55.0",
      },
    ]);
  });

  test("an exact version stays as it is", () => {
    expect(choices(RECORDED, requiring("azurerm", "4.80.0"))).toEqual([
      { name: "azurerm", constraint: "4.80.0", version: "4.80.0", pin: "4.80.0" },
    ]);
  });

  test("only the bindings' own AWS version is served by another", () => {
    expect(choices(RECORDED, requiring("aws", "6.25.0"))).toEqual([
      { name: "aws", constraint: "6.25.0", version: "5.100.0", pin: "5.100.0" },
    ]);
    expect(() => choices(RECORDED, requiring("aws", "6.26.0"))).toThrow(
      "provider aws 6.26.0: no recording meets it, recorded: 5.100.0",
    );
  });

  test("a provider nobody recorded is named", () => {
    expect(() => choices(RECORDED, requiring("random", "3.0.0"))).toThrow(
      "provider random 3.0.0: no recording meets it, recorded: none",
    );
  });
});

describe("variableValues", () => {
  test("what the stack declares and nothing else", () => {
    const variable = { host_private_subnet_ids: { type: "list(string)" } };
    expect(variableValues({ ...requiring("aws", "6.25.0"), variable })).toEqual({
      TF_VAR_host_private_subnet_ids: '["subnet-1","subnet-2","subnet-3"]',
    });
    expect(variableValues(requiring("aws", "6.25.0"))).toEqual({});
  });

  test("a variable that is not in the table is named", () => {
    const variable = { host_issuer: { type: "string" } };
    expect(() => variableValues({ ...requiring("aws", "6.25.0"), variable })).toThrow(
      'variable "host_issuer" has no value here',
    );
  });
});

describe("takeOutLostDescriptions", () => {
  const block = {
    attributes: {
      name: { type: "string" },
      tags: { type: ["map", "string"] },
      security_rule: { type: ["set", ["object", { name: "string" }]] },
    },
    block_types: { inner: { block: { attributes: { name: { type: "string" } } } } },
  };
  const recordings: Recordings = new Map([
    [
      "azurerm",
      {
        source: "registry.terraform.io/hashicorp/azurerm",
        provider: { block: {} },
        resource_schemas: {
          azurerm_network_security_group: { block },
          azurerm_resource_group: { block },
        },
        data_source_schemas: {},
      },
    ],
  ]);
  const withResource = (type: string): Configuration => ({
    ...requiring("azurerm", "4.55.0"),
    resource: {
      [type]: {
        one: {
          description: "own",
          tags: { description: "a tag" },
          security_rule: [{ name: "a", description: "rule" }],
          inner: [{ name: "b", description: "block" }],
        },
      },
    },
  });

  test("gone at each level, but not from maps", () => {
    const configuration = withResource("azurerm_network_security_group");
    expect(takeOutLostDescriptions(recordings, configuration)).toEqual([
      "azurerm_network_security_group.one.description",
      "azurerm_network_security_group.one.security_rule.description",
      "azurerm_network_security_group.one.inner.description",
    ]);
    expect(configuration.resource!.azurerm_network_security_group!.one).toEqual({
      tags: { description: "a tag" },
      security_rule: [{ name: "a" }],
      inner: [{ name: "b" }],
    });
  });

  test("a description the bindings do not know stays for the core to refuse", () => {
    const configuration = withResource("azurerm_resource_group");
    expect(takeOutLostDescriptions(recordings, configuration)).toEqual([]);
    expect(configuration).toEqual(withResource("azurerm_resource_group"));
  });
});
