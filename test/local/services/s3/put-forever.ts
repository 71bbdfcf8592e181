/** Puts objects one after the other into a home of its own, and prints each key once it is acknowledged: made to be killed. */
import { openHome } from "../../../../local/home.ts";
import { s3 } from "../../../../local/services/s3/index.ts";

const home = await openHome({ directory: process.argv[2] ?? "", services: [s3] });
const principal = { kind: "home", accountId: home.accountId } as const;
await home.ports.call("s3", "CreateBucket", { Bucket: "durable" }, principal);
for (let number = 0; ; number++) {
  const Key = `key-${number}`;
  await home.ports.call("s3", "PutObject", { Bucket: "durable", Key, Body: `body of ${Key}` }, principal);
  process.stdout.write(`${Key}\n`);
}
