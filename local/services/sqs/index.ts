/** SQS: standard and FIFO queues, as targets, dead-letter queues and for the app's own use. */
import { defineService, type HomePorts } from "../../define-service.ts";
import { createArrivals } from "./arrivals.ts";
import { sqsResources } from "./cloudformation.ts";
import { moveOperations } from "./message-moves.ts";
import { messageOperations } from "./message-operations.ts";
import { MessageStore } from "./message-store.ts";
import { queueOperations } from "./queue-operations.ts";
import { nameOf, QueueStore } from "./queue-store.ts";
import { SQS_TABLES } from "./tables.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html */
export const sqs = defineService<typeof import("@aws-sdk/client-sqs")>({
  name: "sqs",
  signingName: "sqs",
  iamPrefix: "sqs",
  sdk: () => import("@aws-sdk/client-sqs"),
  create(home: HomePorts) {
    home.store.migrate("sqs", SQS_TABLES);
    const queues = new QueueStore(home);
    const messages = new MessageStore(home, queues);
    const arrivals = createArrivals(home.clock);
    home.policies.setResourceSource("sqs", (arn) => {
      const policy = queues.find(nameOf(arn))?.attributes.Policy;
      return policy === undefined ? undefined : JSON.parse(policy);
    });
    return {
      operations: {
        ...queueOperations(queues, messages),
        ...messageOperations(home, queues, messages, arrivals),
        ...moveOperations(home, queues, messages, arrivals),
      },
      resources: sqsResources(queues, messages),
    };
  },
});
