/**
 * Statistics of knetsim: from the cells of replications to the results document. Everything here
 * is a pure function; nothing prints, and nothing knows how or where the cells were made.
 */
export type { AssembleContext } from './assemble.ts';
export { assembleResults } from './assemble.ts';
export { CONFIDENCE, halfWidth, sectioning } from './interval.ts';
export { mergeHistograms } from './merge.ts';
export {
  formatAt,
  formatCount,
  formatQuantity,
  formatSize,
  percentileName,
  quantileName,
} from './plain-words.ts';
export { poissonBounds } from './poisson.ts';
export { logLogSlope } from './scaling.ts';
export { studentQuantile } from './student.ts';
export { warningExplanations } from './warning-codes.ts';
