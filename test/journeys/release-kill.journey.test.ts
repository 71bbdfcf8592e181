import { describeReleaseKills } from "./release-kill-journey.ts";

describeReleaseKills(8, 300_000);
