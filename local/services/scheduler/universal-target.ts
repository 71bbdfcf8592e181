/** Universal targets: `arn:aws:scheduler:::aws-sdk:<service>:<apiAction>`, any operation of a service of the home. */

/** Names the SDK for Java gives services, where the home's differ. */
const SERVICES: Readonly<Record<string, string>> = {
  sfn: "states",
  eventbridge: "events",
  cloudwatchlogs: "logs",
  cloudwatch: "monitoring",
  sagemakerruntime: "sagemaker-runtime",
};

/** Service and operation of a universal target; undefined for another ARN. */
export function universalCall(arn: string): { service: string; operation: string } | undefined {
  const [, name, action] = /^arn:aws[\w-]*:scheduler:::aws-sdk:([^:]+):([^:]+)$/.exec(arn) ?? [];
  if (name === undefined || action === undefined) return undefined;
  return {
    service: SERVICES[name.toLowerCase()] ?? name.toLowerCase(),
    operation: action.charAt(0).toUpperCase() + action.slice(1),
  };
}
