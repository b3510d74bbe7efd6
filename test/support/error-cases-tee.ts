// How to raise the codes of questions about TEEs.
import { Tee } from "../../lib";
import { teeRefusal } from "../../lib/tee/tee-refusals";

export const TEE_CASES = {
  TEE_QUERY: (): unknown => teeRefusal("oracle", Tee.TDX),
};
