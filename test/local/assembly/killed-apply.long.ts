import { describeKilledApplies } from "./killed-apply.ts";

describeKilledApplies(1);
