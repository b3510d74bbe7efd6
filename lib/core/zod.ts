// What we use of zod, one by one: the build makes one small file of it, without the 64 languages zod loads otherwise.
export {
  array,
  boolean,
  custom,
  enum,
  ipv4,
  literal,
  looseObject,
  number,
  object,
  record,
  strictObject,
  string,
  unknown,
} from "zod";
export type {
  core,
  input,
  output,
  ZodArray,
  ZodDefault,
  ZodNumber,
  ZodOptional,
  ZodString,
  ZodType,
} from "zod";
