/** SNS: topics with queues and functions as subscribers. */
import { defineService } from "../../define-service.ts";
import { snsResources } from "./cloudformation.ts";
import { subscriptionOperations, topicOperations } from "./operations.ts";
import { createPublisher } from "./publish.ts";
import { SNS_TABLES } from "./tables.ts";
import { TopicStore } from "./topic-store.ts";

/** https://docs.aws.amazon.com/sns/latest/api/welcome.html */
export const sns = defineService<typeof import("@aws-sdk/client-sns")>({
  name: "sns",
  signingName: "sns",
  iamPrefix: "sns",
  sdk: () => import("@aws-sdk/client-sns"),
  create(home) {
    home.store.migrate("sns", SNS_TABLES);
    const store = new TopicStore(home);
    const publisher = createPublisher(home, store);
    home.policies.setResourceSource("sns", (arn) => {
      const policy = store.find(arn)?.attributes.Policy;
      return policy === undefined ? undefined : JSON.parse(policy);
    });
    return {
      operations: { ...topicOperations(home, store, publisher), ...subscriptionOperations(store) },
      resources: snsResources(store),
      start: () => publisher.outbox.start(),
      stop: () => publisher.outbox.stop(),
    };
  },
});
