/** What is read of the metadata of every object. Absent and `null` mean the same. */
import { z } from 'zod';

const optional = <S extends z.ZodType>(schema: S) => schema.nullish();

export const metadata = z.object({
  name: z.string().min(1).max(253),
  namespace: optional(z.string().min(1).max(63)),
  labels: optional(z.record(z.string(), z.string())),
  ownerReferences: optional(z.array(z.object({ kind: z.string(), name: z.string() }))),
});
