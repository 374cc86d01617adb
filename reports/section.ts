/** A section of the report: a question and how it is answered. One file each, one line in the list. */
import type { ComponentChildren } from 'preact';
import type { RunInfo } from './run-info.ts';
import type { View } from './view.ts';

export interface Section {
  /** Anchor; stays the same between releases. */
  readonly id: string;
  /** The heading. */
  readonly question: string;
  /** Its name in the contents. */
  readonly short: string;
  /** Null leaves the section out, where there is nothing to answer. */
  readonly render: (view: View, runInfo: RunInfo | undefined) => ComponentChildren;
}
