// Every attack of the repository in one table: those by request, and those from inside a virtual cluster.
import { ATTACKS } from "../../../lib/testing/attacks";
import { INSIDE_ATTACKS } from "./inside";

/** All of them. Ids are unique: lane `api-server` checks. */
export const TABLE: readonly { readonly id: string }[] = [...ATTACKS, ...INSIDE_ATTACKS];
