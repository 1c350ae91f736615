// What the server answers to who asks for their development key.

import { z } from "zod";

export const developmentKeySchema = z.looseObject({
  api_key: z.string().min(1),
  base_url: z.url(),
  expires_at: z.string(),
});
