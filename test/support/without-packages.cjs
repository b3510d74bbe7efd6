// Preloaded by `node --require`: packages whose names start with one of ABSENT (by comma) cannot be found, as if they
// were not installed.
const Module = require("node:module");

const absent = (process.env.ABSENT ?? "").split(",").filter((name) => name !== "");
const resolve = Module._resolveFilename;

Module._resolveFilename = function (request, ...rest) {
  if (absent.some((name) => request === name || request.startsWith(`${name}/`)))
    throw Object.assign(new Error(`Cannot find module '${request}'`), { code: "MODULE_NOT_FOUND" });
  return resolve.call(this, request, ...rest);
};
