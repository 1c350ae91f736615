import { expect, test } from "bun:test";
import { choosePlacement, parseAllowedCores, placementOn } from "./placement.ts";

test("the cores this process may use are read from ranges and single numbers", () => {
  expect(parseAllowedCores("Name:\tbun\nCpus_allowed_list:\t0-2,5,8-9\nMems_allowed:\t1\n")).toEqual([
    0, 1, 2, 5, 8, 9,
  ]);
  expect(parseAllowedCores("Name:\tbun\n")).toEqual([]);
});

test("the server gets a core for itself, upstream and load share another", () => {
  const placement = placementOn("/bin/taskset", [4, 6, 7]);
  expect(placement.server).toEqual(["/bin/taskset", "-c", "4"]);
  expect(placement.others).toEqual(["/bin/taskset", "-c", "6"]);
});

test("nothing is pinned on one core, or when told not to, and the report says so", () => {
  expect(placementOn("/bin/taskset", [0])).toMatchObject({ server: [], others: [] });
  expect(choosePlacement(false)).toEqual({ server: [], others: [], description: "processes placed by the system" });
});
