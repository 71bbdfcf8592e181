/** The endpoint is being changed by somebody else. Passes: ask again later. */
export class EndpointBusyError extends Error {
  override readonly name = "EndpointBusyError";
  readonly code = "EndpointBusy";

  constructor(endpoint: string, status: string, configName: string) {
    super(`endpoint ${endpoint} is ${status} with ${configName}; wait until it has settled, then deploy again`);
  }
}
