// The workspace that was open last, so that the next visit begins there.

import { remembered } from "../ui/remembered.ts";

export const lastWorkspace = remembered("astrolabe.workspace");
