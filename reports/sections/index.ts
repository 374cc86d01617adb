/** The sections in the order of the story. Adding one is a file and a line here. */
import type { Section } from '../section.ts';
import { appendix } from './appendix.tsx';
import { changes } from './changes.tsx';
import { cost } from './cost.tsx';
import { exposure } from './exposure.tsx';
import { growth } from './growth.tsx';
import { margin } from './margin.tsx';
import { notModelled } from './not-modelled.tsx';
import { provenance } from './provenance.tsx';
import { reproduce } from './reproduce.tsx';
import { stages } from './stages.tsx';
import { tail } from './tail.tsx';
import { timeline } from './timeline.tsx';
import { trust } from './trust.tsx';
import { verdict } from './verdict.tsx';

export const sections: readonly Section[] = [
  verdict,
  growth,
  margin,
  changes,
  stages,
  cost,
  timeline,
  tail,
  exposure,
  provenance,
  notModelled,
  trust,
  reproduce,
  appendix,
];
