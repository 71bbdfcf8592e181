/**
 * Lets the functions of custom resources answer. On AWS the response URL is of S3, by https; here a listener of the home
 * (local/assembly/custom-resources/response-listener.ts) takes the answer, whose port its host's name tells.
 */
import http from "node:http";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";

const RESPONSE_HOST = /^cloudformation-custom-resource-response-(\d+)\.localhost$/;

let reached = false;

/** From now on requests of this thread to a response URL go to the listener. */
export function reachResponseHosts(): void {
  if (reached) return;
  reached = true;
  const requestBefore = https.request;
  const request = (...given: unknown[]) => {
    const { target, rest } = readArguments(given);
    const port = RESPONSE_HOST.exec(target.hostname)?.[1];
    if (port === undefined) return Reflect.apply(requestBefore, https, given);
    const { agent: _ofHttps, ...options } = target.options;
    const there = { ...options, protocol: "http:", host: "127.0.0.1", hostname: "127.0.0.1", port };
    return Reflect.apply(http.request, http, [there, ...rest]);
  };
  const get = (...given: unknown[]) => {
    const made = request(...given);
    made.end();
    return made;
  };
  Object.assign(https, { request, get });
  syncBuiltinESMExports();
  reachByFetch();
}

/** https.request takes a URL, options, or both, and then a callback. */
function readArguments(given: readonly unknown[]) {
  const [first, ...others] = given;
  const url = typeof first === "string" ? URL.parse(first) : first instanceof URL ? first : undefined;
  const second = url ? others.find((one) => typeof one === "object" && one !== null) : first;
  const options: Record<string, unknown> = {
    ...(url ? { path: `${url.pathname}${url.search}`, hostname: url.hostname } : {}),
    ...(typeof second === "object" ? second : {}),
  };
  const hostname = String(options.hostname ?? options.host ?? "");
  return { target: { options, hostname }, rest: given.filter((one) => typeof one === "function") };
}

function reachByFetch(): void {
  const fetchBefore = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const url = input instanceof Request ? null : URL.parse(String(input));
    const port = RESPONSE_HOST.exec(url?.hostname ?? "")?.[1];
    return url === null || port === undefined
      ? fetchBefore(input, init)
      : fetchBefore(`http://127.0.0.1:${port}${url.pathname}${url.search}`, init);
  };
}
