// Options of Google's verifiers for tests: valid, and changed by what a test is about.

/** Pool and keys in a project of their own. */
export const GOOGLE_TRUST = {
  name: "space",
  project: "example-trust",
  projectNumber: "987654321098",
  trustDomain: "example",
};
