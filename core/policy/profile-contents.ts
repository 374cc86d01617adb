/**
 * Profiles by what they say, not by whose they are: policies of many namespaces often say the same,
 * and profiles of one content give every peer the same answer.
 */
import type { CompiledRule } from './compiled-policy.ts';
import type { DirectionTable } from './direction-table.ts';
import { TextInterner } from './interners.ts';
import type { RuleList } from './rule-list.ts';

export class ProfileContents {
  private readonly table: DirectionTable;
  private readonly ruleIds = new Map<CompiledRule, number>();
  private readonly ruleTexts = new TextInterner();
  private readonly tiers = new Map<RuleList, number>();
  private readonly tierTexts = new TextInterner();
  private readonly contentTexts = new TextInterner();
  /** By profile. */
  private readonly contents: (number | undefined)[] = [];
  /** By content: the first profile that has it. */
  private readonly profiles: number[] = [];

  constructor(table: DirectionTable) {
    this.table = table;
  }

  get size(): number {
    return this.profiles.length;
  }

  of(profile: number): number {
    const known = this.contents[profile];
    if (known !== undefined) return known;
    const content = this.contentTexts.intern(this.textOf(profile));
    this.profiles[content] ??= profile;
    this.contents[profile] = content;
    return content;
  }

  /** A profile of that content. */
  profile(content: number): number {
    return this.profiles[content]!;
  }

  private textOf(profile: number): string {
    const { admin, isolating, admitting, baseline } = this.table.profile(profile);
    const isIsolated = isolating.length > 0;
    // The order of rules matters in tiers; of NetworkPolicies it is the union that counts.
    const last = isIsolated
      ? [...new Set(admitting.rules.map((rule) => this.rule(rule)))].sort((a, b) => a - b).join()
      : this.tier(baseline);
    const asksNames = admin.asksNames || (isIsolated ? admitting : baseline).asksNames;
    const names = asksNames ? this.table.namesOfProfile(profile) : '';
    return `${this.tier(admin)} ${isIsolated} ${last} ${names}`;
  }

  private tier(list: RuleList): number {
    const known = this.tiers.get(list);
    if (known !== undefined) return known;
    const id = this.tierTexts.intern(list.rules.map((rule) => this.rule(rule)).join());
    this.tiers.set(list, id);
    return id;
  }

  private rule(rule: CompiledRule): number {
    const known = this.ruleIds.get(rule);
    if (known !== undefined) return known;
    const { action, peers, ports, names } = rule;
    const id = this.ruleTexts.intern(JSON.stringify([action, peers ?? null, ports, names]));
    this.ruleIds.set(rule, id);
    return id;
  }
}
