/** The JSON Schema (draft-07) of scenario files, for editors: made from the same declaration. */
import { z } from 'zod';
import { scenarioSchema } from './schema/scenario.ts';

/**
 * The schema of what may be written, so fields with defaults are optional. It accepts a little more
 * than the loader: checks across fields are not in it.
 */
export function scenarioJsonSchema(): unknown {
  return {
    ...z.toJSONSchema(scenarioSchema, { target: 'draft-07', io: 'input' }),
    title: 'knetsim Scenario',
  };
}
